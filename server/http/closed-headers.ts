/** What answers of the API tell browsers: nothing of them may be kept, guessed at, framed, run, or used by other sites. */
export const closedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const
