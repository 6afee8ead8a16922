/** Owns what failures of a connection are called, and what to do about them. */

const unknownAuthority =
  'certificate signed by unknown authority; name a file with its certificate in SSL_CERT_FILE, or accept any: --insecure'

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'connection refused; is the server running there? See --host, --port and --scheme, DISPATCH_CONFIG, or "dispatch context"',
  ENOTFOUND: 'no such host; see --host, or "dispatch context"',
  EAI_AGAIN: 'the name of the host cannot be looked up now; see --host, or "dispatch context"',
  EHOSTUNREACH: 'no route to host; see --host, or "dispatch context"',
  ENETUNREACH: 'network is unreachable; see --host, or "dispatch context"',
  ETIMEDOUT: 'connection timed out; see --host and --port, or "dispatch context"',
  ERR_INVALID_URL: 'not an address; see --host and --port, or "dispatch context"',
  ECONNRESET: 'EOF; the connection ended before the answer did: see --scheme, or try again',
  EPROTO: 'the server does not speak TLS there; try --scheme http, or an address that begins with http://',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
}

const localCauses: Readonly<Record<string, string>> = {
  EACCES: 'only root and members of group dispatch may open it; join the group, or see --host',
  ENOENT: 'no such file; is the server running? See --socket, or --host',
  ECONNREFUSED: 'nothing listens there; is the server running? See --socket, or --host',
}

const codeOf = (thrown: Error): string => ('code' in thrown ? String(thrown.code) : '')

export const onSocket = (path: string, thrown: Error): Error =>
  new Error(`local socket ${path}: ${localCauses[codeOf(thrown)] ?? thrown.message}`, { cause: thrown })

export function explain(thrown: Error): Error {
  const code = codeOf(thrown)
  const isNoHttp = code.startsWith('HPE_')
  const cause = isNoHttp ? 'what answers there does not speak HTTP; see --host and --port' : causes[code]
  return new Error(cause ?? thrown.message, { cause: thrown })
}
