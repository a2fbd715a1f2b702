// Checks of arguments, with the errors that Node throws.

import { invalidArgType, outOfRange } from './errors.js';

/** @throws ERR_INVALID_ARG_TYPE when `value` is no string */
export function validateString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
}

/** @throws ERR_INVALID_ARG_TYPE when `value` is neither true nor false */
export function validateBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
}

/** @throws ERR_INVALID_ARG_TYPE when `value` is no function */
export function validateFunction(value: unknown, name: string): asserts value is (...args: never[]) => unknown {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
}

/** @throws ERR_INVALID_ARG_TYPE when `value` is null, an array, or no object */
export function validateObject(value: unknown, name: string): asserts value is object {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalidArgType(name, 'of type object', value);
  }
}

/** @throws ERR_INVALID_ARG_TYPE when `value` is no number; ERR_OUT_OF_RANGE when it lies outside [min, max] */
export function validateNumber(value: unknown, name: string, min?: number, max?: number): asserts value is number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  const bounded = min !== undefined || max !== undefined;
  if ((min !== undefined && value < min) || (max !== undefined && value > max) || (bounded && Number.isNaN(value))) {
    const lower = min === undefined ? '' : `>= ${min}`;
    const upper = max === undefined ? '' : `<= ${max}`;
    throw outOfRange(name, lower && upper ? `${lower} && ${upper}` : lower || upper, value);
  }
}

/** @throws ERR_INVALID_ARG_TYPE when `value` is no number; ERR_OUT_OF_RANGE when it is no integer in [min, max] */
export function validateInteger(
  value: unknown,
  name: string,
  min: number = Number.MIN_SAFE_INTEGER,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
}
