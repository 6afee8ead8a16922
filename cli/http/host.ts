/** Owns how a host stands in a URL. */

/** An IPv6 address needs brackets; a name and what has them already does not. */
export const renderHost = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
