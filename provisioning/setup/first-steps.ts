/** What the owner does first: a configuration and commands to copy, for the host by which this machine is reached. */
import { isIPv6 } from 'node:net'
import { publicPorts } from '../ports.ts'

export interface Owner {
  readonly host: string
  readonly organization: string
}

export interface FirstSteps {
  /** A configuration file of the command line. */
  readonly config: string
  readonly trust: string
  readonly login: string
  readonly ssh: string
  readonly firstFunction: string
}

const bracketed = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

export const urlOf = (host: string): string => `https://${bracketed(host)}/`

const firstFunction = `dispatch create seed-images
cat > hello.py <<'END'
def handle(context, payload):
    return {"greeting": f"Hello, {payload['name']}"}
END
dispatch create function hello hello.py --image python3 --wait
dispatch run hello '{"name": "Jon"}'`

/** What comes after, each with the command that begins it. */
export const nextSteps = [
  ['users', 'dispatch iam create user'],
  ['api', 'dispatch create api'],
  ['settings', 'dispatch appliance settings get'],
] as const

export function planFirstSteps({ host, organization }: Owner): FirstSteps {
  const context = { host, port: publicPorts.apiTls, scheme: 'https', organization, 'api-https-port': publicPorts.https }
  return {
    config: JSON.stringify({ current: 'solo', contexts: { solo: context } }, undefined, 2),
    trust: `openssl s_client -connect ${bracketed(host)}:${publicPorts.apiTls} </dev/null \\
  | openssl x509 -out dispatch.pem
openssl x509 -in dispatch.pem -noout -fingerprint -sha256
export SSL_CERT_FILE="$PWD/dispatch.pem"`,
    login: 'dispatch login --user admin',
    ssh: `ssh admin@${host}`,
    firstFunction,
  }
}
