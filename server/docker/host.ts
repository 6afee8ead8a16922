/** Owns where Docker listens: DOCKER_HOST and its relatives, as the docker command understands them. */

export type Environment = Readonly<Record<string, string | undefined>>

export type DockerHost =
  | { kind: 'unix'; url: string; socketPath: string }
  | { kind: 'tcp'; url: string; host: string; port: number; certificatesDir?: string }

const defaultSocket = '/var/run/docker.sock'

/** Throws with what to do instead when DOCKER_HOST names a way that the server does not go. */
export function parseDockerHost(env: Environment): DockerHost {
  const url = env.DOCKER_HOST || `unix://${defaultSocket}`
  if (url.startsWith('unix://')) return { kind: 'unix', url, socketPath: url.slice('unix://'.length) || defaultSocket }
  if (url.startsWith('ssh://')) {
    throw new Error(
      `DOCKER_HOST is ${url}, but the server does not reach Docker over ssh, because functions are mounted from this machine's directories: use unix:// or tcp:// of a Docker on this machine`,
    )
  }
  const { hostname, port } = parseUrl(url)
  const tls = env.DOCKER_TLS_VERIFY === '1' || port === '2376'
  const certificatesDir = env.DOCKER_CERT_PATH
  if (tls && !certificatesDir) {
    throw new Error(
      `DOCKER_HOST is ${url} with TLS, but DOCKER_CERT_PATH names no directory: set it to that of ca.pem, cert.pem and key.pem`,
    )
  }
  return {
    kind: 'tcp',
    url,
    host: hostname,
    port: Number(port || (tls ? 2376 : 2375)),
    ...(tls && certificatesDir ? { certificatesDir } : {}),
  }
}

function parseUrl(text: string): URL {
  const url = text.includes('://') ? text : `tcp://${text}`
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed?.hostname || !/^(tcp|http|https):$/.test(parsed.protocol)) {
    throw new Error(`DOCKER_HOST is "${text}", which is no address: write unix:///path or tcp://host:port`)
  }
  return parsed
}
