/** The configuration as the server sees it: which source wins, and what is told of it. */
import test from 'ava'
import { fileOf, load, run } from '../../helpers/config-sources.ts'

test('without any source the defaults hold', t => {
  const { config, origins, withoutEffect } = run()
  t.deepEqual(config, {
    host: '127.0.0.1',
    auth: 'open',
    authReason: 'the default, since only this machine reaches host 127.0.0.1',
    port: 8080,
    gatewayPort: 8081,
    ingestPort: 8082,
    eventsGateway: '',
    trustedProxies: undefined,
    oidc: undefined,
    corsOrigins: [],
    socket: { path: '/run/dispatch/api.sock', isDefault: true },
    tls: undefined,
    dbFile: '/srv/dispatch.db',
    dataDir: '/srv/dispatch-data',
    nodePath: undefined,
    imageRegistry: 'dispatch',
    builds: {
      atOnce: 1,
      limits: { timeoutMs: 600_000, memoryBytes: 1024 * 2 ** 20, diskBytes: 4096 * 2 ** 20 },
      settings: {},
      caFile: undefined,
    },
    pullLimits: { timeoutMs: 120_000, maxBytes: 4096 * 2 ** 20, diskBytes: 0 },
    runtimeAliases: true,
    secretKeyFile: '',
    defaultKeyFile: '/srv/dispatch-data.key',
    poolSize: 2,
    functionLimits: {
      memoryBytes: 512 * 2 ** 20,
      diskBytes: 4096 * 2 ** 20,
      cpus: 1,
      concurrency: 8,
      maxPooled: 16,
      maxWorkers: 42,
      maxWaiting: 1024,
      maxWaitingInAll: 2048,
      maxWaitingBytes: 512 * 2 ** 20,
      waitMs: 60_000,
      workerIdleMs: 30_000,
      idleMs: 600_000,
    },
    resyncPeriodMs: 20_000,
    drainTimeoutMs: 15_000,
    runRetentionAgeMs: 2_592_000_000,
    runRetentionCount: 10_000,
    runQueueSize: 10_000,
    auditFiles: 256,
    eventQueueSize: 100_000,
    eventRetentionAgeMs: 720 * 3_600_000,
    eventRetentionCount: 100_000,
    isDebug: false,
  })
  t.true(Object.isFrozen(config))
  t.is(origins.port, 'default')
  t.deepEqual(withoutEffect, [])
})

test('the file beats the default, the environment the file, the flag the environment', t => {
  const files = { '/srv/c.yaml': 'port: 1\nhost: file\npool-size: 5\nlocal:\n  gateway-port: 2\n' }
  const env = { DISPATCH_CONFIG: 'c.yaml', DISPATCH_PORT: '3', DISPATCH_HOST: 'env', DISPATCH_GATEWAY_PORT: '4' }
  const { config, origins } = run({ files, env, argv: ['--port', '5'] })
  t.like(config, { port: 5, host: 'env', poolSize: 5, gatewayPort: 4 })
  t.like(origins, {
    port: 'flag --port',
    host: 'environment DISPATCH_HOST',
    'pool-size': 'file /srv/c.yaml',
    'gateway-port': 'environment DISPATCH_GATEWAY_PORT',
    debug: 'default',
  })
})

test('the flag that names the file beats the variable', t => {
  const files = { '/a.yaml': 'port: 1', '/b.json': '{"port": 2}' }
  t.is(run({ files, env: { DISPATCH_CONFIG: '/a.yaml' }, argv: ['--config=/b.json'] }).config.port, 2)
})

test('flags come in every form of the original', t => {
  t.true(run({ argv: ['--debug'] }).config.isDebug)
  t.true(run({ argv: ['--debug=T'] }).config.isDebug)
  t.false(run({ argv: ['--debug', '--debug=false'] }).config.isDebug)
  t.is(run({ argv: ['local', '--host=0.0.0.0'] }).config.host, '0.0.0.0')
  t.is(run({ argv: ['--db-file=a=b'] }).config.dbFile, '/srv/a=b')
})

test('paths are taken from the working directory, and data lies beside the database', t => {
  t.like(run({ argv: ['--db-file', 'x/d.db'] }).config, { dbFile: '/srv/x/d.db', dataDir: '/srv/x/dispatch-data' })
  t.like(run({ argv: ['--data-dir', '../d', '--node-path', './node'] }).config, {
    dataDir: '/d',
    nodePath: '/srv/node',
  })
})

test('files may be empty, hold keys without value, and write keys in any case or with dots', t => {
  t.is(run(fileOf('')).config.port, 8080)
  t.is(run(fileOf('port:\nhost: ~\n')).config.port, 8080)
  t.like(run(fileOf('Port: 1\nlocal.gateway-port: 2\n')).config, { port: 1, gatewayPort: 2 })
  t.like(run(fileOf('{"port": 1, "LOCAL": {"gateway-port": "2"}}', '/c.json')).config, { port: 1, gatewayPort: 2 })
})

test('an empty variable counts as unset, those of others are left alone, a misspelt one is told', t => {
  const env = { DISPATCH_PORT: '', DISPATCH_ORGANIZATION: 'o', DISPATCH_NODE: '/n', HOME: '/', DISPATCH_POOLSIZE: '9' }
  const { config, withoutEffect } = run({ env })
  t.is(config.port, 8080)
  t.deepEqual(withoutEffect, ['DISPATCH_POOLSIZE is not known; did you mean DISPATCH_POOL_SIZE?'])
})

test('the configuration of the appliance and every key without effect are accepted and told once each', t => {
  const appliance = `
host: 0.0.0.0
enable-tls: false
db-file: /storage/db/dispatch.db
local:
  events-gateway: 172.17.0.1:8080
  gateway-tls-port: 443
functions:
  func-default-limits: { cpu: 1 }
identity: { skip-auth: true }
disable-registry: false
`
  const { config, withoutEffect } = run(fileOf(appliance))
  t.like(config, { host: '0.0.0.0', dbFile: '/storage/db/dispatch.db', dataDir: '/storage/db/dispatch-data' })
  t.deepEqual(
    withoutEffect.map(line => line.replace(/ from file \/srv\/c\.yaml has no effect: .+/, '')),
    ['functions.func-default-limits', 'identity.skip-auth'],
  )
})

test('the key file is beside the database, wherever the data directory is', t => {
  const keyFileBy = (...argv: string[]) => run({ argv }).config.defaultKeyFile
  t.is(keyFileBy(), '/srv/dispatch-data.key')
  t.is(keyFileBy('--data-dir=/data', '--db-file=/data/dispatch.db'), '/data/data.key')
  t.is(keyFileBy('--data-dir=/var/lib/d/data', '--db-file=/var/lib/d/solo.db'), '/var/lib/d/data.key')
})

test('no message holds a secret, not even that of a parser', t => {
  for (const given of [
    fileOf('db-password: 12345678'),
    fileOf('port: 1\ndb-password: "12345678\n'),
    fileOf('db-password: 12345678: 9'),
    fileOf('{"db-password": 12345678 9}', '/c.json'),
    fileOf('{"db-password": 12345678', '/c.json'),
  ])
    t.notRegex(t.throws(() => load(given))?.message ?? '', /1234/)
})

test('help and version ask for nothing else', t => {
  const env = { DISPATCH_CONFIG: '/missing.yaml' }
  const help = load({ env, argv: ['--print-config', '--help'] })
  t.is(help.mode, 'help')
  t.regex(help.mode === 'help' ? help.text : '', /--drain-timeout duration +time .* \(default 15s\)/)
  const rows = help.mode === 'help' ? help.text.split('\n').filter(line => line.startsWith('  -')) : []
  t.is(new Set(rows.map(row => /^ {2}\S.*? {2,}/.exec(row)?.[0].length)).size, 1, 'the meanings stand in one column')
  t.deepEqual(load({ env, argv: ['--version'] }), { mode: 'version', text: 'dispatch-server 1.2.3\n' })
})

test('the printed configuration names each source, masks secrets, and can be read again', t => {
  const argv = ['--print-config', '--db-password=hunter2', '--gateway-port', '9', '--host', 'a "b"']
  const printed = load({ argv, env: { DISPATCH_DEBUG: '1' } })
  const text = printed.mode === 'print-config' ? printed.text : ''
  t.regex(text, /^local\.gateway-port: 9 # flag --gateway-port$/m)
  t.regex(text, /^debug: true # environment DISPATCH_DEBUG$/m)
  t.regex(text, /^data-dir: "" # default: dispatch-data beside the database file$/m)
  t.regex(text, /^db-password: "\*{8}" # flag --db-password; no effect$/m)
  t.notRegex(text, /hunter2|eyJ1c2Vy/)
  t.like(run(fileOf(text)).config, { gatewayPort: 9, host: 'a "b"', isDebug: true })
})

test('what follows from the machine is printed as it is, and gives way to what is said', t => {
  const printed = load({ argv: ['--print-config', '--max-workers', '3'] })
  if (printed.mode !== 'print-config') return t.fail(printed.mode)
  t.regex(printed.text, /^max-workers: 3 # flag --max-workers$/m)
  t.regex(printed.text, /^queue-total: 2048 # default: by the memory of this machine$/m)
  t.regex(printed.text, /^function-memory: 512 # default: by the memory of this machine$/m)
  t.is(run({ argv: ['--function-memory', '64'] }).config.functionLimits.memoryBytes, 64 * 2 ** 20)
})

test('where packages come from is taken as it is, and shown without its credentials', t => {
  const argv = [
    '--pip-index-url',
    'https://jon:secret@index/simple',
    '--build-ca-file',
    'ca.pem',
    '--build-memory',
    '64',
  ]
  const { config } = run({ argv })
  t.like(config.builds, { settings: { pipIndexUrl: 'https://jon:secret@index/simple' }, caFile: '/srv/ca.pem' })
  t.is(config.builds.limits.memoryBytes, 64 * 2 ** 20)
  const shown = load({ argv: [...argv, '--print-config'] })
  t.regex(shown.mode === 'print-config' ? shown.text : '', /^pip-index-url: "https:\/\/\*+@index\/simple" # flag/m)
})

test('the local socket is where it is said to be, or not at all', t => {
  t.deepEqual(run({ argv: ['--socket', 'x/api.sock'] }).config.socket, { path: '/srv/x/api.sock', isDefault: false })
  t.is(run({ env: { DISPATCH_SOCKET: 'none' } }).config.socket, undefined)
  t.throws(() => run({ argv: ['--socket', `/${'x'.repeat(107)}`] }), {
    message: /^socket: .* longer than the 107 bytes/,
  })
})

test('logins at an issuer are configured by the issuer, what it knows this server by, and where this server is', t => {
  const argv = ['--oidc-issuer=https://i.example/a', '--oidc-client-id=c', '--external-url=https://d.example']
  const common = { issuer: 'https://i.example/a', clientId: 'c', externalUrl: 'https://d.example', claim: 'email' }
  t.deepEqual(run({ argv }).config.oidc, { ...common, scopes: 'openid email', secretFile: undefined })
  const more = ['--oidc-claim=sub', '--oidc-scopes=openid', '--oidc-client-secret-file=s']
  t.like(run({ argv: [...argv, ...more] }).config.oidc, { claim: 'sub', scopes: 'openid', secretFile: '/srv/s' })
})
