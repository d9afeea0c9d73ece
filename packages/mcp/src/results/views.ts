import type {
  Order,
  OrderDetails,
  OrderEstimate,
  Period,
  Product,
  Subscription,
  SubscriptionDetails,
} from "@imcloud/client";

/** `1 year`, `3 month`. */
const periodOf = (period: Period | undefined) => period && `${period.duration} ${period.type}`;

/** A product of the catalog, with prices that say only what is not plain. */
export const productRow = (product: Product) => {
  const { id, mpn, name, vendor, billingPeriod, subscriptionPeriod, minimumQuantity, maximumQuantity } = product;
  const prices = product.prices?.map(({ amount, currency, type, model, lowerLimit }) => ({
    ...{ amount, currency, type },
    ...(model !== "FLAT" && { model, lowerLimit }),
  }));
  return {
    ...{ id, mpn, name, vendor, minimumQuantity, maximumQuantity, prices },
    ...{ billingPeriod: periodOf(billingPeriod), subscriptionPeriod: periodOf(subscriptionPeriod) },
  };
};

/** A subscription as a row. */
export const subscriptionRow = (subscription: Subscription) => {
  const { id, name, status, customerId, renewalStatus, renewalDate, expirationDate } = subscription;
  return {
    ...{ id, name, status, customerId, renewsByItself: renewalStatus, renewalDate, expirationDate },
    billingPeriod: periodOf(subscription.billingPeriod),
    subscriptionPeriod: periodOf(subscription.subscriptionPeriod),
  };
};

/** The products of a subscription with their seats. */
export const seatsOf = ({ products = [] }: SubscriptionDetails) =>
  products.map(({ id, mpn, name, quantity, unitPrice, extendedPrice }) => ({
    ...{ id, mpn, name, seats: quantity === undefined ? undefined : Number(quantity) },
    unitPrice: unitPrice && { amount: unitPrice.amount, currency: unitPrice.currency },
    extendedPrice,
  }));

/** A subscription with what is in it. */
export const subscriptionView = (subscription: SubscriptionDetails) => ({
  ...subscriptionRow(subscription),
  products: seatsOf(subscription),
  pricePerBillingPeriod: subscription.totalPrice,
});

/** An order as a row. */
export const orderRow = ({ id, orderNumber, type, status, customerId, creationDate, total }: Order) => ({
  ...{ id, orderNumber, type, status, customerId, creationDate, total },
});

/** The priced lines of an order or an estimate. */
export const linesOf = ({ details = [] }: OrderDetails | OrderEstimate) =>
  details.map(
    ({ type, description, productId, quantity, unitPrice, extendedPrice, salesExtendedPrice, taxAmount }) => ({
      ...{ type, description, productId, quantity, extendedPrice, salesExtendedPrice, taxAmount },
      unitPrice: unitPrice && { amount: unitPrice.amount, currency: unitPrice.currency },
    }),
  );

/** An order with what is in it. */
export const orderView = (order: OrderDetails) => ({
  ...orderRow(order),
  ...{ poNumber: order.poNumber, statusCode: order.statusCode, scheduledOn: order.scheduledOn },
  ...{ subscriptionId: order.subscriptionId, provisioningDate: order.provisioningDate, attributes: order.attributes },
  products: order.products?.map(({ id, mpn, name, quantity, parameters }) => ({ id, mpn, name, quantity, parameters })),
  lines: linesOf(order),
});
