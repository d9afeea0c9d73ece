import type { ValidatedParameter } from "@imcloud/client";
import { useId } from "react";
import { label } from "../shared/format.ts";

/** What was typed, by the parameter's name. An attestation is `"yes"`. */
export type FieldValues = Readonly<Record<string, string>>;

const ATTESTATION = /attestation/;

/** Dates of parameters are American: `09-14-2026` for `2026-09-14`. */
const toAmerican = (date: string) => date.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$2-$3-$1");

/** What was typed, as the API takes it. */
export const toParameters = (values: FieldValues) =>
  Object.entries(values)
    .filter(([, value]) => value !== "")
    .map(([name, value]) =>
      ATTESTATION.test(name)
        ? { name, structured_value: { attestation_accepted: value === "yes" } }
        : { name, value: toAmerican(value) },
    );

const INPUT_TYPES: Record<string, string> = { date: "date", email: "email", integer: "number" };

function ParameterField({
  parameter,
  value,
  isChecked,
  change,
}: {
  parameter: ValidatedParameter;
  value: string;
  isChecked: boolean;
  change: (value: string) => void;
}) {
  const id = useId();
  const { name, type = "text", valueChoices, valueError, result, message } = parameter;
  const title = label(String(name));
  // Before anything was entered, that a value is needed is no error yet.
  const problem = isChecked && result === "error" ? (valueError ?? message) : undefined;
  const described = problem ? { "aria-invalid": true, "aria-describedby": `${id}-problem` } : {};
  return (
    <div className={type === "attestation" ? "field field-check" : "field"}>
      {type === "attestation" ? (
        <label>
          <input
            type="checkbox"
            checked={value === "yes"}
            onChange={({ target }) => change(target.checked ? "yes" : "")}
            {...described}
          />
          {title}
        </label>
      ) : (
        <>
          <label htmlFor={id}>{title}</label>
          {valueChoices?.length ? (
            <select id={id} value={value} onChange={({ target }) => change(target.value)} {...described}>
              <option value="">Choose…</option>
              {valueChoices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label ?? choice.value}
                </option>
              ))}
            </select>
          ) : (
            <input
              id={id}
              type={INPUT_TYPES[type] ?? "text"}
              value={value}
              onChange={({ target }) => change(target.value)}
              {...described}
            />
          )}
        </>
      )}
      {problem && (
        <p id={`${id}-problem`} className="problem">
          {problem}
        </p>
      )}
    </div>
  );
}

/** A field for each parameter that the API asks for, with what it says of the value that it saw last. */
export function ParameterFields({
  parameters,
  values,
  checked,
  change,
}: {
  parameters: readonly ValidatedParameter[];
  values: FieldValues;
  /** What the API has seen. */
  checked: FieldValues;
  change: (values: FieldValues) => void;
}) {
  return parameters.map((parameter) => {
    const name = String(parameter.name);
    const value = values[name] ?? "";
    return (
      <ParameterField
        key={name}
        parameter={parameter}
        value={value}
        isChecked={name in checked && checked[name] === value}
        change={(next) => change({ ...values, [name]: next })}
      />
    );
  });
}
