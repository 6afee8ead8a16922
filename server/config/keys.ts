/** The keys of the server's configuration as data: loader, help and the printed configuration are made from this schema. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'

interface KeyOptions {
  /** Where the key stands in the file, when not at the top under its own name; dots separate levels. */
  fileKey?: string
  /** False: the key exists in files only, without flag and environment variable. */
  hasFlag?: boolean
  /** Never shown, neither in errors nor in the printed configuration. */
  secret?: boolean
  /** The key is accepted for the sake of existing configurations; says why it changes nothing. */
  withoutEffect?: string
  /** Without enable-tls it changes nothing. */
  needsTls?: boolean
  /** Says what an empty default stands for. */
  defaultText?: string
  minLength?: number
  minimum?: number
  maximum?: number
}

const text = (fallback: string, description: string, options: KeyOptions = {}) =>
  Type.String({ default: fallback, description, ...options })
const whole = (fallback: number, description: string, options: KeyOptions = {}) =>
  Type.Integer({ default: fallback, description, ...options })
const truth = (fallback: boolean, description: string, options: KeyOptions = {}) =>
  Type.Boolean({ default: fallback, description, ...options })
/** Its default follows from the memory of the machine. */
const bySize = (description: string, minimum: number) =>
  whole(0, description, { minimum, maximum: 1_000_000, defaultText: 'by the memory of this machine' })
/** Text in Go's notation; `minimum` and `maximum` in milliseconds. Without a maximum it may be the time of a timer. */
const duration = (fallback: string, description: string, options: KeyOptions = {}) =>
  Type.String({ default: fallback, description, unit: 'duration', ...options })
const port = (fallback: number, description: string, options: KeyOptions = {}) =>
  whole(fallback, description, { minimum: 0, maximum: 65_535, ...options })
/** Where packages come from. */
const source = (description: string, defaultText = "the image's own") => text('', description, { defaultText })
/** Any value, even a mapping. */
const unused = () =>
  Type.Unknown({ description: 'accepted', hasFlag: false, withoutEffect: 'Dispatch Solo has no use for it' })

const yearMs = 365 * 24 * 3_600_000

const onlyPostgres = { withoutEffect: 'it belongs to a PostgreSQL store' }
const staysLocal = { withoutEffect: 'images stay on this machine' }
const inProcess = { withoutEffect: 'the server does not call itself over HTTP' }
const emptyRegistryAuth = Buffer.from('{"username":"","password":"","email":""}').toString('base64')

export const configSchema = Type.Object({
  config: text('', 'config file, yaml or json'),
  host: text('127.0.0.1', 'address that all listeners bind', { minLength: 1 }),
  auth: text('', 'open: any credential counts; required: who asks must be known, and allowed to', {
    defaultText: 'open when host is loopback, else required',
  }),
  port: port(8080, 'port of the API; 0 picks a free one'),
  'gateway-port': port(8081, 'port of the API gateway; 0 picks a free one', { fileKey: 'local.gateway-port' }),
  'trusted-proxies': text('', 'proxies whose X-Forwarded-For tells the gateway the client: 10.0.0.7,10.1.0.0/16', {
    defaultText: 'none',
  }),
  'ingest-port': port(8082, 'port that takes in the events of drivers, on their own network alone', { minimum: 1 }),
  socket: text('', 'socket of the API for root and group dispatch, who need no credentials there; none: without', {
    defaultText: '/run/dispatch/api.sock where that directory exists',
  }),
  'cors-origins': text('', 'origins of other sites whose pages may use the API: https://ui.example', {
    defaultText: 'none',
  }),
  'db-file': text('./dispatch.db', 'database file', { minLength: 1 }),
  'data-dir': text('', 'directory for code of functions and sockets', {
    defaultText: 'dispatch-data beside the database file',
  }),
  'secret-key-file': text('', 'keys that secrets are sealed with; made at the first start', {
    defaultText: "the data directory's name with .key, or systemd's credential dispatch-key",
  }),
  'node-path': text('', 'Node binary that nodejs functions run on', { defaultText: "the server's own" }),
  'pool-size': whole(2, 'warm containers kept for each image', { minimum: 0, maximum: 64 }),
  'pool-total': bySize('warm containers kept of all images; those of images used last', 0),
  'function-memory': bySize('MiB of memory of a function', 16),
  'function-disk': whole(4096, 'MiB that a function on an image of others may write', {
    minimum: 1,
    maximum: 10_000_000,
  }),
  'function-cpus': whole(1, 'cores that a function may use', { minimum: 1, maximum: 1024 }),
  'function-concurrency': whole(8, 'calls that a function answers at once', { minimum: 1, maximum: 64 }),
  'max-workers': bySize('workers of all functions', 1),
  'queue-per-function': bySize('calls of one function that may wait', 0),
  'queue-total': bySize('calls of all functions that may wait', 0),
  'queue-memory': bySize('MiB of input that calls of all functions may wait with', 1),
  'queue-timeout': duration('60s', 'time that a call may wait for a worker', { minimum: 1 }),
  'worker-idle': duration('30s', 'time after which a function ends workers without a call', { minimum: 100 }),
  'function-idle': duration('10m', 'time after which a function without a call falls asleep', { minimum: 100 }),
  'resync-period': duration('20s', 'time between comparisons of what is with what should be', { minimum: 1 }),
  'drain-timeout': duration('15s', 'time that calls in flight have to end when the server stops'),
  'run-retention-age': duration('720h', 'age at which runs go, but for the last 100 of a function; 0s: never', {
    maximum: 10 * yearMs,
  }),
  'run-retention-count': whole(10_000, 'runs kept of each function; 0: all', { minimum: 0, maximum: 1_000_000_000 }),
  'run-queue-size': whole(10_000, 'runs not awaited that may wait for their turn', { minimum: 1, maximum: 1_000_000 }),
  'event-queue-size': whole(100_000, 'deliveries that may wait for one subscription; the oldest beyond are given up', {
    minimum: 1,
    maximum: 1_000_000_000,
  }),
  'event-retention-age': duration('720h', 'age at which events go that are not waited for; 0s: never', {
    maximum: 10 * yearMs,
  }),
  'event-retention-count': whole(100_000, 'events kept of each organization; 0: all', {
    minimum: 0,
    maximum: 1_000_000_000,
  }),
  'audit-disk': whole(256, 'MiB of the audit log; its oldest lines go beyond', { minimum: 2, maximum: 1_000_000 }),
  'builds-at-once': whole(1, 'images whose packages are installed at the same time', { minimum: 1, maximum: 64 }),
  'build-timeout': duration('10m', 'time that the packages of an image may take', { minimum: 1000 }),
  'build-memory': whole(1024, 'MiB of memory that it may take', { minimum: 64, maximum: 1_000_000 }),
  'build-disk': whole(4096, 'MiB of disk that it may take', { minimum: 1, maximum: 10_000_000 }),
  'pip-index-url': source('index that pip installs packages of Python from'),
  'npm-registry': source('registry that npm installs packages of Node from'),
  'maven-repository': source('repository that libraries of Java come from'),
  'debian-sources': source("lines of apt's sources.list that Debian packages come from"),
  'build-proxy': source('HTTP proxy that packages are fetched through', 'none'),
  'build-ca-file': text('', 'certificates that servers of packages are known by, a PEM file', {
    defaultText: "the image's own",
  }),
  'pull-timeout': duration('2m', 'time that an image may take to be pulled', { minimum: 1000 }),
  'pull-size': whole(4096, 'MiB of an image that is pulled, as they are sent, or of an archive', {
    minimum: 1,
    maximum: 10_000_000,
  }),
  'image-disk': whole(0, 'MiB of all Docker images beyond which none is pulled; 0: any', {
    minimum: 0,
    maximum: 1_000_000_000,
  }),
  debug: truth(false, 'log details'),
  'db-backend': text('boltdb', 'kind of store; boltdb stands for the built-in SQLite'),
  'db-database': text('dispatch', 'name of the database', onlyPostgres),
  'db-username': text('dispatch', 'user of the database', onlyPostgres),
  'db-password': text('dispatch', 'password of the database', { secret: true, ...onlyPostgres }),
  'registry-auth': text(emptyRegistryAuth, 'credentials of an image registry', { secret: true, ...staysLocal }),
  'runtime-aliases': truth(true, "runtimes of this machine stand for the original's base images, whatever their tag"),
  'image-registry': text('dispatch', 'first part of the names of built images'),
  'disable-registry': truth(false, 'do not push images', staysLocal),
  'image-manager': text('', 'URL of a remote image manager', inProcess),
  'function-manager': text('', 'URL of a remote function manager', inProcess),
  'secret-store': text('', 'URL of a remote secret store', inProcess),
  'disable-http': truth(false, 'with enable-tls: serve the API over HTTPS alone', { needsTls: true }),
  'enable-tls': truth(false, 'serve HTTPS too, by a certificate that the server makes, unless the keys below name one'),
  'tls-port': port(8443, 'HTTPS port of the API; 0 picks a free one'),
  'gateway-tls-port': port(8444, 'HTTPS port of the API gateway; 0 picks a free one', {
    fileKey: 'local.gateway-tls-port',
  }),
  'tls-certificate': text('', 'certificate, a PEM file', { needsTls: true }),
  'tls-certificate-key': text('', 'private key of the certificate, a PEM file', { needsTls: true }),
  'tls-names': text('', 'names of this server for the certificate that it makes: solo.example.com,10.0.0.7', {
    needsTls: true,
    defaultText: "the host, or the machine's name and addresses",
  }),
  'tls-client-ca': text('', 'certificates of those who say who clients of the API are, a PEM file', {
    defaultText: 'clients are asked for no certificate',
  }),
  'tls-client-auth': text('required', 'with tls-client-ca: required, or optional for clients without a certificate'),
  'lets-encrypt-domain': text('', "domain to obtain a certificate for, of Let's Encrypt", { needsTls: true }),
  'lets-encrypt-directory': text('', 'URL of the ACME directory of another authority', {
    defaultText: "that of Let's Encrypt",
  }),
  'lets-encrypt-port': port(80, 'port on which the authority asks whose the domain is', { minimum: 1 }),
  tracer: text('', 'URL of a tracer', { withoutEffect: 'there is no tracing' }),
  'docker-host': text('127.0.0.1', 'address of Docker', {
    fileKey: 'local.docker-host',
    withoutEffect: 'Docker is found through the environment variable DOCKER_HOST',
  }),
  'events-gateway': text('', 'host:port that event drivers send to', {
    fileKey: 'local.events-gateway',
    defaultText: "this server's own listener for them",
  }),
  'external-url': text('', 'URL by which browsers reach the API, such as https://dispatch.example.com:8443', {
    defaultText: 'none, which logins at an issuer need',
  }),
  'oidc-issuer': text('', 'issuer of OpenID Connect at which users may log in, an https URL', { defaultText: 'none' }),
  'oidc-client-id': text('', 'what the issuer knows this server by'),
  'oidc-client-secret-file': text('', 'file with the secret that the issuer gave this server', { defaultText: 'none' }),
  'oidc-claim': text('email', 'claim that names a user; email counts when the issuer has verified it', {
    minLength: 1,
  }),
  'oidc-scopes': text('openid email', 'what the issuer is asked for, separated by spaces'),
  'apis.gateway-host': unused(),
  'events.transport': unused(),
  'events.ingress-host': unused(),
  'functions.image-pull-secret': unused(),
  'functions.func-default-limits': unused(),
  'functions.func-default-requests': unused(),
  'functions.file-image-manager': unused(),
  'identity.cookie-name': unused(),
  'identity.skip-auth': unused(),
  'identity.bootstrap-config-path': unused(),
  'identity.oauth2-proxy-auth-url': unused(),
  'image.pull-period': duration('0s', 'age at which images are pulled again', { hasFlag: false, ...staysLocal }),
})

export type Values = Static<typeof configSchema>

/** One key as the loader sees it. */
export type Key = KeyOptions & {
  name: string
  fileKey: string
  hasFlag: boolean
  secret: boolean
  type: 'text' | 'number' | 'boolean' | 'duration' | 'any'
  default: unknown
  description: string
}

const typeNames: Record<string, Key['type']> = { string: 'text', integer: 'number', boolean: 'boolean' }

const createKey = ([name, schema]: [string, TSchema]): Key => ({
  fileKey: name,
  hasFlag: true,
  secret: false,
  ...schema,
  name,
  type: schema.unit === 'duration' ? 'duration' : (typeNames[schema.type] ?? 'any'),
  default: schema.default,
  description: schema.description ?? '',
})

export const keys: Key[] = Object.entries(configSchema.properties).map(createKey)

export const flagOf = (key: Key): string => `--${key.name}`
export const variableOf = (key: Key): string => `DISPATCH_${key.name.toUpperCase().replaceAll('-', '_')}`
