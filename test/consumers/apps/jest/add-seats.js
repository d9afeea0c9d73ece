/**
 * Buys missing seats, and says how many there were and are.
 * @param {import("@imcloud/client").ImcloudClient} imcloud
 * @param {{ id: string, missing: number, poNumber: string }} need the subscription, and how many seats are missing
 */
export async function addSeats(imcloud, { id, missing, poNumber }) {
  if (missing <= 0) return "nothing to buy";
  const { from, to, order } = await imcloud.subscriptions.changeSeats(id, { by: missing }, { poNumber });
  return `${from} → ${to} seats, order ${order?.status}`;
}
