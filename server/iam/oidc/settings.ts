/** What is known of the issuer that vouches for users, as the configuration says it. */
export interface OidcSettings {
  /** As it calls itself, to the letter. */
  issuer: string
  clientId: string
  /** Absent: a client without a secret. Rejects with an Error that says why it cannot be read. */
  readClientSecret?: () => Promise<string>
  /** The claim of its ID tokens that names users. */
  claim: string
  scopes: string
  /** Where browsers reach the API. */
  externalUrl: string
}

export const callbackPath = '/v1/iam/oidc/callback'
export const startPath = '/v1/iam/oidc/start'
export const logoutPath = '/v1/iam/oidc/logout'
