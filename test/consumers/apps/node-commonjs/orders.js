const { createClient, isMarketplaceError, NotFoundError } = require("@imcloud/client");

async function main([customerId]) {
  const imcloud = createClient.fromEnv();
  const customer = await imcloud.customers.get(customerId);
  console.log(`# ${customer.name}`);
  for await (const order of imcloud.orders.list({ customerId, status: "completed" })) {
    console.log([order.orderNumber, order.type, order.creationDate].join(","));
  }
}

main(process.argv.slice(2)).catch((error) => {
  if (!isMarketplaceError(error)) throw error;
  console.error(error instanceof NotFoundError ? "There is no such customer." : error.message);
  process.exitCode = 1;
});
