import { describe, expect, test } from "vitest";
import { phoneOf } from "./accounts.ts";

describe("phoneOf", () => {
  test.each([
    ["46#60#5550100#12", ["46", "60", "5550100", "12"]],
    ["46##315550100#", ["46", "", "315550100", ""]],
    ["+46315550100", ["", "", "+46315550100", ""]],
    ["+46315550100#12", ["", "", "+46315550100", "12"]],
    ["+46315550100#", ["", "", "+46315550100", ""]],
    ["", ["", "", "", ""]],
  ])("separates %j into country, area, number and extension", (text, parts) => {
    const { country, area, number, extension } = phoneOf(text);
    expect([country, area, number, extension]).toEqual(parts);
  });
});
