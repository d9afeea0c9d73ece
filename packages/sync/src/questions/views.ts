/** The months of a billing period; `NULL` for a period of days, which does not divide a year evenly. */
const months = (column: string) =>
  `CASE ${column}_type WHEN 'month' THEN ${column}_duration WHEN 'year' THEN 12 * ${column}_duration END`;

/** Selects the rows that still exist on the marketplace. */
const NOT_GONE = "gone_at IS NULL";

/** What each view selects, keyed by its name without the prefix. */
export const viewsOf = (prefix: string): Record<string, string> => ({
  // Soonest first, overdue ones included, like `subscriptions.due` of the client.
  due: `
    SELECT CASE WHEN subscription.renewal_status THEN COALESCE(subscription.renewal_date, subscription.expiration_date)
                ELSE subscription.expiration_date END AS day,
           CASE WHEN subscription.renewal_status THEN 'renews' ELSE 'ends' END AS action,
           subscription.id AS subscription_id, subscription.name AS subscription_name,
           subscription.customer_id, customer.name AS customer_name,
           subscription.total_price_currency AS currency, subscription.total_price_amount AS price
    FROM ${prefix}subscriptions AS subscription
    LEFT JOIN ${prefix}customers AS customer ON customer.id = subscription.customer_id
    WHERE subscription.status = 'active' AND subscription.${NOT_GONE}`,

  seats: `
    SELECT subscription.customer_id, customer.name AS customer_name,
           product.id AS product_id, product.mpn, product.name AS product_name,
           SUM(product.quantity) AS seats, COUNT(DISTINCT subscription.id) AS subscriptions
    FROM ${prefix}subscriptions AS subscription
    JOIN ${prefix}subscription_products AS product ON product.subscription_id = subscription.id
    LEFT JOIN ${prefix}customers AS customer ON customer.id = subscription.customer_id
    WHERE subscription.status = 'active' AND subscription.${NOT_GONE}
    GROUP BY subscription.customer_id, customer.name, product.id, product.mpn, product.name`,

  // The margin of a year at today's prices, seats and costs. Billing periods of days are left out, as they do not divide a year evenly.
  margins: `
    SELECT customer_id, customer_name, currency, ROUND(SUM(price), 2) AS yearly_price, ROUND(SUM(cost), 2) AS yearly_cost,
           ROUND(SUM(price) - SUM(cost), 2) AS yearly_margin,
           CASE WHEN SUM(price) <> 0 THEN ROUND(100.0 * (SUM(price) - SUM(cost)) / SUM(price), 1) END AS margin_percent
    FROM (
      SELECT subscription.customer_id, customer.name AS customer_name, product.extended_price_currency AS currency,
             product.extended_price_amount * 12.0 / (${months("subscription.billing_period")}) AS price,
             product.unit_cost_amount * product.quantity * 12.0 / (${months("subscription.billing_period")}) AS cost
      FROM ${prefix}subscriptions AS subscription
      JOIN ${prefix}subscription_products AS product ON product.subscription_id = subscription.id
      LEFT JOIN ${prefix}customers AS customer ON customer.id = subscription.customer_id
      WHERE subscription.status = 'active' AND subscription.${NOT_GONE}
        AND product.unit_cost_amount IS NOT NULL AND product.extended_price_currency = product.unit_cost_currency
        AND (${months("subscription.billing_period")}) > 0
    ) AS yearly
    GROUP BY customer_id, customer_name, currency`,

  open_orders: `
    SELECT orders.id AS order_id, orders.order_number, orders.type, orders.status, orders.status_code, orders.creation_date,
           orders.customer_id, customer.name AS customer_name, orders.subscription_id, orders.scheduled_on
    FROM ${prefix}orders AS orders
    LEFT JOIN ${prefix}customers AS customer ON customer.id = orders.customer_id
    WHERE orders.status NOT IN ('completed', 'cancelled') AND orders.${NOT_GONE}`,
});
