/** A server that speaks TLS alone, shows whichever certificate is current, and asks clients for one of theirs if told to. */
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer } from 'node:https'
import type { SecureContext, SecureContextOptions, TLSSocket } from 'node:tls'
import type { LiveIdentity } from './identity.ts'
import { tlsSettings } from './settings.ts'

export interface TlsOptions {
  identity: LiveIdentity
  /** By the name that a client asks for; undefined: the identity above. */
  contextOf?(serverName: string): Promise<SecureContext | undefined>
  /** Of clients, by those that the identity trusts; absent: they are asked for none. */
  clientCertificates?: 'required' | 'optional'
}

/** With an empty list of those who are trusted Node would take everybody's whom it knows by itself. */
function contextOptionsOf({ identity, clientCertificates }: TlsOptions): SecureContextOptions {
  const { cert, key, clientCa } = identity.current()
  if (clientCertificates && !clientCa) throw new Error('TLS: nobody is trusted to say who clients are')
  return { ...tlsSettings, cert, key, ...(clientCertificates && { ca: clientCa }) }
}

/** Who shows a certificate that nobody trusted has made is none of those who need none. */
const endDubious = (socket: TLSSocket): void => {
  if (!socket.authorized && socket.getPeerX509Certificate()) socket.destroy()
}

export function createTlsListener(tls: TlsOptions, options: ServerOptions, handle: RequestListener): Server {
  const { contextOf, clientCertificates } = tls
  const server = createServer(
    {
      ...options,
      ...contextOptionsOf(tls),
      handshakeTimeout: options.headersTimeout,
      ...(clientCertificates && { requestCert: true, rejectUnauthorized: clientCertificates === 'required' }),
      ...(contextOf && {
        SNICallback: (name, done) =>
          contextOf(name).then(
            context => done(null, context),
            (thrown: Error) => done(thrown),
          ),
      }),
    },
    handle,
  )
  tls.identity.follow(() => server.setSecureContext(contextOptionsOf(tls)))
  // Before Node's own listener, which takes the request that came along.
  if (clientCertificates === 'optional') server.prependListener('secureConnection', endDubious)
  return server
}
