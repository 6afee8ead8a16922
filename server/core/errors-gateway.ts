/** Rows of the error catalogue: requests to APIs of functions, their bodies, and what functions make of them. */
import type { CatalogueEntry } from './error-entry.ts'

export const gatewayErrors = {
  NO_API: { httpStatus: 404, blame: 'caller', text: 'no API found with those values' },
  WRONG_PROTOCOL: { httpStatus: 400, blame: 'caller', text: 'Please use {protocol} protocol' },
  ACCESS_REFUSED: { httpStatus: 401, blame: 'caller', text: 'API {name} did not accept the request: {cause}' },
  ACCESS_UNCHECKED: { httpStatus: 503, blame: 'ours', text: 'API {name} cannot check who calls it: {cause}' },
  RATE_LIMITED: {
    httpStatus: 429,
    blame: 'caller',
    text: 'API {name} lets a client make {requests} requests in {perSeconds} s; try again in {seconds} s',
  },
  BODY_NOT_JSON: { httpStatus: 400, blame: 'caller', text: 'request body is not json' },
  BODY_NOT_FORM: { httpStatus: 400, blame: 'caller', text: 'request body is not a form: {cause}' },
  TOO_MANY_FIELDS: { httpStatus: 400, blame: 'caller', text: 'the query or the form has more than {limit} fields' },
  BODY_TYPE_UNSUPPORTED: { httpStatus: 400, blame: 'caller', text: 'request body type is not supported: {type}' },
  BODY_TOO_LARGE: { httpStatus: 413, blame: 'caller', text: 'the request body is larger than this server accepts' },
  BAD_ANSWER: { httpStatus: 502, blame: 'function', text: 'the function gave what is no HTTP answer: {cause}' },
} as const satisfies Record<string, CatalogueEntry>
