/** What the server refuses of its configuration, and how the refusal reads. */
import test from 'ava'
import { ConfigError } from '../../../server/config/error.ts'
import { fileOf, type Given, load } from '../../helpers/config-sources.ts'

const refused: [what: string, given: Given, message: string | RegExp][] = [
  ['flag', { argv: ['--prot=8080'] }, 'unknown flag --prot; the nearest is --port (see --help)'],
  [
    'flag that is a file key',
    { argv: ['--image.pull-period=1s'] },
    /^unknown flag --image.pull-period; the nearest is/,
  ],
  [
    'TLS with a key alone',
    { argv: ['--enable-tls', '--tls-certificate-key=k'] },
    /^missing TLS Certificate file: give both/,
  ],
  [
    'TLS with a certificate alone',
    { argv: ['--enable-tls', '--tls-certificate=c'] },
    /^missing TLS Certificate private key file: give both/,
  ],
  [
    'same ports with TLS',
    { argv: ['--enable-tls', '--tls-certificate=c', '--tls-certificate-key=k', '--gateway-tls-port=8443'] },
    'tls-port and gateway-tls-port are both 8443; give each its own',
  ],
  [
    'a name that is none',
    { argv: ['--enable-tls', '--tls-names=solo.example,a b'] },
    'tls-names: "a b" is no host name or address, such as solo.example.com or 10.0.0.7',
  ],
  [
    'a domain that leads out of its directory',
    { argv: ['--enable-tls', '--lets-encrypt-domain=../x'] },
    'lets-encrypt-domain: "../x" is no domain name: give one domain name alone, such as solo.example.com, that leads to this server',
  ],
  [
    'a port of an authority that is taken',
    { argv: ['--enable-tls', '--lets-encrypt-domain=solo.example', '--lets-encrypt-port=8443'] },
    'tls-port and lets-encrypt-port are both 8443; give each its own',
  ],
  [
    'certificates of clients while HTTP asks for none',
    { argv: ['--enable-tls', '--tls-client-ca=ca.pem'] },
    /^tls-client-ca keeps nobody out who comes by HTTP: set disable-http too, or/,
  ],
  [
    'certificates of clients where nothing is served over TLS',
    { argv: ['--disable-http', '--tls-client-ca=ca.pem'] },
    /^tls-client-ca keeps nobody out without TLS: set enable-tls/,
  ],
  [
    'a word on certificates of clients',
    { argv: ['--enable-tls', '--tls-client-auth=always'] },
    'tls-client-auth: "always" is not allowed; it must be required or optional',
  ],
  ['issuer without a client', { argv: ['--oidc-issuer=https://i'] }, /^oidc-issuer needs oidc-client-id: what the iss/],
  [
    'issuer without a way back',
    { argv: ['--oidc-issuer=https://i', '--oidc-client-id=c'] },
    /^oidc-issuer needs external-url: .* such as https:/,
  ],
  [
    'issuer without TLS',
    { argv: ['--oidc-issuer=http://i', '--oidc-client-id=c', '--external-url=https://d'] },
    /^oidc-issuer: "http:\/\/i" is no https URL; http is for this machine alone/,
  ],
  [
    'way back without TLS',
    { argv: ['--oidc-issuer=https://i', '--oidc-client-id=c', '--external-url=http://d'] },
    /^external-url: "http:\/\/d" is no https URL/,
  ],
  [
    'scopes of another protocol',
    { argv: ['--oidc-issuer=https://i', '--oidc-client-id=c', '--external-url=https://d', '--oidc-scopes=email'] },
    'oidc-scopes: "email" must hold openid',
  ],
  ['argument', { argv: ['serve'] }, 'unexpected argument "serve"; see --help'],
  [
    "the CLI's file",
    fileOf('{"current": "a", "contexts": {}}'),
    /^\/srv\/c\.yaml is a config file of the dispatch command/,
  ],
  ['key', fileOf('db-flie: x'), 'unknown key db-flie in /srv/c.yaml; the nearest is db-file'],
  [
    'key at the wrong level',
    fileOf('gateway-port: 1'),
    /^unknown key gateway-port .* the nearest is local\.gateway-port$/,
  ],
  ['nested key', fileOf('local: { port: 1 }'), /^unknown key local\.port in/],
  ['section', fileOf('proto: { __proto__: 1 }'), /^unknown key proto in/],
  ['missing value', { argv: ['--port'] }, 'flag --port needs a value'],
  [
    'number',
    { env: { DISPATCH_PORT: '80 80' } },
    'port: "80 80" from environment DISPATCH_PORT is not allowed; it must be a whole number from 0 to 65535',
  ],
  ['number out of range', fileOf('port: 65536'), /^port: 65536 from file \/srv\/c.yaml is not allowed/],
  ['fraction', fileOf('pool-size: 1.5'), /^pool-size: 1.5 from file .* a whole number from 0 to 64$/],
  ['boolean', { argv: ['--debug=yes'] }, 'debug: "yes" from flag --debug is not allowed; it must be true or false'],
  [
    'duration without unit',
    fileOf('drain-timeout: 15'),
    /^drain-timeout: 15 .* a duration such as 20s or 1m30s, not neg/,
  ],
  ['age of more than ten years', { argv: ['--run-retention-age=87601h'] }, /not negative and at most 87600h$/],
  ['duration that would fire at once', { argv: ['--resync-period=720h'] }, /at least 1ms and at most 596h$/],
  ['zero period', { argv: ['--resync-period=0'] }, /^resync-period: "0" from flag/],
  ['text that is a number', fileOf('host: 1'), /^host: 1 .* text that is not empty \(in quotes/],
  ['empty host, which would bind everything', { argv: ['--host='] }, /^host: "" from flag --host is not allowed/],
  ['same ports', { argv: ['--port=8081'] }, 'port and gateway-port are both 8081; give each its own'],
  ['store', { argv: ['--db-backend=foo'] }, /^error creating an entity store foo: not supported/],
  [
    'postgres',
    { argv: ['--db-backend=postgres'] },
    /^error creating an entity store postgres: not supported.*built-in/,
  ],
  ['missing file', { argv: ['--config=x.yaml'] }, /^Unable to read the config file: \/srv\/x\.yaml: ENOENT/],
  ['toml', fileOf('', '/c.toml'), /^Unable to read the config file: \/c\.toml: toml is not supported.*as yaml$/],
  ['other format', fileOf('', '/c'), /^Unable to read the config file: \/c: its name must end in/],
  ['list', fileOf('- port'), /^Unable to read the config file: .* does not hold keys/],
]

for (const [what, given, message] of refused)
  test(`refused: ${what}`, t => {
    t.throws(() => load(given), { instanceOf: ConfigError, message })
  })
