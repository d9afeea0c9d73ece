/** Where the API stands on the mock, as it does on the vendor's hosts. */
export const BASE_PATH = "/marketplace";
