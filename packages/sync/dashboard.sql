-- A page of what a sync keeps, for SQLite:
--   sqlite3 -noheader -list imcloud.db < dashboard.sql > dashboard.html
-- Today is the day of the last sync. Names are written by others: what stands in the page goes through two replacements, & and <.
WITH
  today AS (SELECT date(MAX(read_at)) AS day, MAX(read_at) AS at FROM imcloud_subscriptions),
  active AS (SELECT * FROM imcloud_subscriptions WHERE status = 'active' AND gone_at IS NULL),
  yearly AS (
    SELECT currency, SUM(yearly_price) AS price, SUM(yearly_margin) AS margin FROM imcloud_margins GROUP BY currency
  ),
  months AS (
    SELECT strftime('%Y-%m', due.day) AS month,
           SUM(due.action = 'renews') AS renews, SUM(due.action = 'ends') AS ends
    FROM imcloud_due AS due, today
    WHERE due.day >= today.day AND due.day < date(today.day, '+12 months')
    GROUP BY month
  ),
  products AS (
    SELECT COALESCE(product_name, mpn, product_id) AS name, SUM(seats) AS seats, COUNT(*) AS customers
    FROM imcloud_seats GROUP BY name ORDER BY seats DESC LIMIT 8
  ),
  best AS (
    SELECT COALESCE(customer_name, customer_id) AS name, currency, yearly_price, yearly_margin, margin_percent
    FROM imcloud_margins ORDER BY yearly_margin DESC LIMIT 8
  ),
  soon AS (
    SELECT due.* FROM imcloud_due AS due, today
    WHERE due.day <= date(today.day, '+30 days') ORDER BY due.action, due.day, due.price DESC LIMIT 8
  ),
  recent AS (
    SELECT type, COUNT(*) AS count FROM imcloud_events, today
    WHERE seen_at >= datetime(today.at, '-7 days') GROUP BY type ORDER BY count DESC
  ),
  cards (place, label, value) AS (
    SELECT 1, 'customers', printf('%,d', COUNT(*)) FROM imcloud_customers WHERE gone_at IS NULL
    UNION ALL SELECT 2, 'active subscriptions', printf('%,d', COUNT(*)) FROM active
    UNION ALL SELECT 3, 'seats', printf('%,d', COALESCE(SUM(seats), 0)) FROM imcloud_seats
    UNION ALL SELECT 4, currency || ' a year', printf('%,d', price) FROM yearly
    UNION ALL SELECT 5, currency || ' margin', printf('%,d', margin) FROM yearly
    UNION ALL SELECT 6, 'open orders', printf('%,d', COUNT(*)) FROM imcloud_open_orders
  ),
  parts (place, line, html) AS (
    SELECT 0, 0, '<!doctype html><html lang="en"><meta charset="utf-8"><title>Marketplace</title>
<meta name="viewport" content="width=device-width"><style>
:root{color-scheme:light dark;--ink:light-dark(#1c2430,#e6eaf0);--soft:light-dark(#5b6675,#98a3b3);--line:light-dark(#dfe4ea,#333c48);
--card:light-dark(#fff,#1b222c);--one:light-dark(#2f6fde,#6ea0ff);--two:light-dark(#d9822b,#f0a95c)}
body{margin:0;padding:28px;background:light-dark(#f4f6f9,#12171e);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
h1{margin:0;font-size:22px}h2{margin:0 0 10px;font-size:15px}p{margin:2px 0 18px;color:var(--soft)}
main{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(420px,1fr))}
section,.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px}
.cards{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));margin-bottom:16px}
.card b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.card span{color:var(--soft)}
table{border-collapse:collapse;width:100%}td{padding:4px 8px 4px 0;border-top:1px solid var(--line)}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;width:1%}td.b{width:38%}
i{display:inline-block;height:10px;border-radius:3px;background:var(--one)}i.e{background:var(--two)}
</style><h1>Marketplace</h1>'
    UNION ALL SELECT 1, 0, '<p>As of ' || substr(at, 1, 10) || ' ' || substr(at, 12, 5) || ' UTC</p><div class="cards">' FROM today
    UNION ALL SELECT 1, place, '<div class="card"><b>' || value || '</b><span>' || label || '</span></div>' FROM cards
    UNION ALL SELECT 1, 99, '</div><main>'

    UNION ALL SELECT 2, 0, '<section><h2>Renews, and ends, by month</h2><table>'
    UNION ALL SELECT 2, row_number() OVER (ORDER BY month), '<tr><td>' || month || '</td><td class="b" style="width:60%"><i style="width:'
      || round(90.0 * renews / (SELECT MAX(renews + ends) FROM months), 1) || '%"></i><i class="e" style="width:'
      || round(90.0 * ends / (SELECT MAX(renews + ends) FROM months), 1) || '%"></i></td><td class="n">' || renews
      || '</td><td class="n">' || ends || '</td></tr>' FROM months
    UNION ALL SELECT 2, 99, '</table></section>'

    UNION ALL SELECT 3, 0, '<section><h2>Seats by product</h2><table>'
    UNION ALL SELECT 3, row_number() OVER (ORDER BY seats DESC), '<tr><td>' || replace(replace(name, '&', '&amp;'), '<', '&lt;')
      || '</td><td class="b"><i style="width:' || round(100.0 * seats / (SELECT MAX(seats) FROM products), 1) || '%"></i></td><td class="n">'
      || printf('%,d', seats) || '</td></tr>' FROM products
    UNION ALL SELECT 3, 99, '</table></section>'

    UNION ALL SELECT 4, 0, '<section><h2>Margin of a year by customer</h2><table>'
    UNION ALL SELECT 4, row_number() OVER (ORDER BY yearly_margin DESC), '<tr><td>' || replace(replace(name, '&', '&amp;'), '<', '&lt;')
      || '</td><td class="n">' || printf('%,d', yearly_price) || '</td><td class="n"><b>' || printf('%,d', yearly_margin) || '</b> '
      || replace(replace(currency, '&', '&amp;'), '<', '&lt;') || '</td><td class="n">' || COALESCE(margin_percent || ' %', '') || '</td></tr>'
      FROM best
    UNION ALL SELECT 4, 99, '</table></section>'

    UNION ALL SELECT 5, 0, '<section><h2>In the next 30 days</h2><table>'
    UNION ALL SELECT 5, row_number() OVER (ORDER BY action, day), '<tr><td class="n">' || day || '</td><td>' || action || '</td><td>'
      || replace(replace(COALESCE(customer_name, customer_id), '&', '&amp;'), '<', '&lt;') || '</td><td>'
      || replace(replace(COALESCE(subscription_name, subscription_id), '&', '&amp;'), '<', '&lt;') || '</td></tr>' FROM soon
    UNION ALL SELECT 5, 99, '</table></section>'

    UNION ALL SELECT 6, 0, '<section><h2>What changed in 7 days</h2><table>'
    UNION ALL SELECT 6, row_number() OVER (ORDER BY count DESC, type), '<tr><td>' || type || '</td><td class="n">' || count || '</td></tr>'
      FROM recent
    UNION ALL SELECT 6, 98, '<tr><td>nothing</td></tr>' WHERE NOT EXISTS (SELECT 1 FROM recent)
    UNION ALL SELECT 6, 99, '</table></section>'
    UNION ALL SELECT 7, 0, '</main></html>'
  )
SELECT html FROM parts ORDER BY place, line;
