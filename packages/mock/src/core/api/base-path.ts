/** The API's path on the mock, as on the vendor's hosts. */
export const BASE_PATH = "/marketplace";
