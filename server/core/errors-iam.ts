/** Rows of the error catalogue: who asks, what they may, and how they log in. */
import type { CatalogueEntry } from './error-entry.ts'

export const iamErrors = {
  UNAUTHENTICATED: { httpStatus: 401, blame: 'caller', text: 'unauthenticated for invalid credentials' },
  NOT_BEARER: {
    httpStatus: 401,
    blame: 'caller',
    text: "invalid Authorization header, it must be of form 'Authorization: Bearer <token>'",
  },
  BEARER_REFUSED: { httpStatus: 401, blame: 'caller', text: 'unable to validate bearer token: {cause}' },
  NO_ISSUER: { httpStatus: 401, blame: 'caller', text: 'missing issuer claim in unvalidated token' },
  NO_ISSUER_ORG: { httpStatus: 401, blame: 'caller', text: 'invalid issuer claim: missing org info' },
  NO_SUBJECT: {
    httpStatus: 400,
    blame: 'caller',
    text: 'token {name} acts for nobody: name its subject, a user or a service account',
  },
  SCOPE_TOO_WIDE: {
    httpStatus: 403,
    blame: 'caller',
    text: 'token {name} would be allowed more than the token that creates it, which has the scope {scope}: ask for a part of that, or leave the scope out',
  },
  LIFETIME_TOO_LONG: {
    httpStatus: 403,
    blame: 'caller',
    text: 'token {name} would count longer than the token that creates it, which ends in {seconds} s: ask for a shorter time, or leave it out',
  },
  UNKNOWN_SUBJECT: {
    httpStatus: 400,
    blame: 'caller',
    text: 'token {name} would act for nobody: {subject} is neither a user nor a service account of organization {org}: {advice}',
  },
  RESOURCE_UNKNOWN: {
    httpStatus: 400,
    blame: 'caller',
    text: 'there is no kind of objects {resource}: name one of {known}, or * for all of them',
  },
  UNKNOWN_TOKEN: { httpStatus: 401, blame: 'caller', text: 'token not recognized' },
  FORBIDDEN: {
    httpStatus: 403,
    blame: 'caller',
    text: '{who} may not {action} {resource} in {where}: {cause}',
  },
  NO_ORGANIZATION: {
    httpStatus: 403,
    blame: 'caller',
    text: 'organization {org} does not exist: name another one, or create it with dispatch iam create organization {org}',
  },
  ORGANIZATION_UNNAMED: {
    httpStatus: 403,
    blame: 'caller',
    text: '{who} belongs to no organization: name one by dispatch --organization NAME, or in the header X-Dispatch-Org',
  },
  OWN_ORGANIZATION: {
    httpStatus: 409,
    blame: 'caller',
    text: 'organization {org} is your own, and without it nobody of it gets in again: have somebody delete it whom a global policy lets create organizations, or do it by the local socket of the server',
  },
  LAST_WAY_IN: {
    httpStatus: 409,
    blame: 'caller',
    text: 'policy {name} is the last one that lets anybody write policies in {where}: create another such policy first, or do it by the local socket of the server',
  },
  LAST_WRITER: {
    httpStatus: 409,
    blame: 'caller',
    text: '{who} is the last one whom a policy lets write policies in {where}: let somebody else do so first, or do it by the local socket of the server',
  },
  RULE_INCOMPLETE: { httpStatus: 400, blame: 'caller', text: 'invalid rule definition, missing required fields' },
  ACCOUNT_REFUSED: { httpStatus: 400, blame: 'caller', text: 'error validating service account: {cause}' },
  LOGIN_REFUSED: {
    httpStatus: 401,
    blame: 'caller',
    text: 'the user or the password is wrong: try again, or ask who manages the users for a new password',
  },
  LOCKED_OUT: { httpStatus: 429, blame: 'caller', text: 'too many failed logins; try again in {seconds} s' },
  WEAK_PASSWORD: { httpStatus: 400, blame: 'caller', text: 'the password was refused: {cause}' },
  NO_USER: {
    httpStatus: 403,
    blame: 'caller',
    text: 'only who has logged in has sessions and a password of their own: dispatch login; tokens and certificates have none',
  },
  NO_LOGIN: { httpStatus: 401, blame: 'caller', text: 'No Such Cookie' },
  DEVICE_WAITING: {
    // Of no other error here: by it who waits goes on waiting.
    httpStatus: 428,
    blame: 'caller',
    text: 'nobody has let this device in yet: enter its code in a browser, and ask again after a moment',
  },
  DEVICE_REFUSED: {
    httpStatus: 401,
    blame: 'caller',
    text: 'this device was refused, or its code is too old: begin the login again',
  },
  OIDC_OFF: {
    httpStatus: 404,
    blame: 'caller',
    text: 'this server has no issuer for logins: log in with a password, or have oidc-issuer set in its configuration',
  },
  OIDC_REFUSED: { httpStatus: 401, blame: 'caller', text: 'the login was not accepted: {cause}; please begin it anew' },
  OIDC_NO_LOGOUT: {
    httpStatus: 404,
    blame: 'caller',
    text: 'issuer {issuer} has no page to log out: log out on its own pages; dispatch logout ends the session here',
  },
  ISSUER_UNREACHED: {
    httpStatus: 503,
    blame: 'ours',
    text: 'issuer {issuer} could not be asked: try again in a moment; the log of the server says why',
  },
} as const satisfies Record<string, CatalogueEntry>
