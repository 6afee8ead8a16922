/** Headers of HTTP requests by which callers prove who they are, in lower case. */
export const credentialHeaders: readonly string[] = ['authorization', 'proxy-authorization', 'cookie']
