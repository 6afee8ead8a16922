/** Owns the client's version: the package's, put in by the build. */
declare const DISPATCH_VERSION: string

export const version: string = typeof DISPATCH_VERSION === 'string' ? DISPATCH_VERSION : '0.0.0-source'
