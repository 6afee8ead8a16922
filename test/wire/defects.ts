/**
 * Every defect of the original that must not come back, by what it concerns, with the tests that hold it off: each a file
 * below test/ and a part of a title in it. `later` names the work that a row waits for.
 */
export interface Defect {
  of: string
  original: string
  tests?: readonly (readonly [file: string, title: string])[]
  later?: 'authentication' | 'encryption' | 'TLS'
}

const here = 'wire/defects.test.ts'
const ofFunctions = 'wire/defects-functions.test.ts'
const gateway = 'wire/gateway.test.ts'
const connections = 'wire/connections.test.ts'
const events = 'unit/server/events'
const runs = 'unit/server/runs'

export const defects: readonly Defect[] = [
  {
    of: 'all lists',
    original: 'other organizations included',
    tests: [[here, 'defect "other organizations are listed"']],
  },
  { of: 'all', original: 'an empty credential', tests: [[here, 'defect "any credential is accepted"']] },
  { of: 'all', original: 'any credential accepted', later: 'authentication' },
  {
    of: 'all lists',
    original: 'filters silently ignored',
    tests: [
      ['wire/filters.test.ts', 'defect "filters are ignored"'],
      ['wire/filters.test.ts', 'defect "state is ignored"'],
      [`${runs}/page.test.ts`, 'lists of runs are narrowed by tags and state'],
    ],
  },
  { of: 'all PUT', original: 'another name in the body is a 500', tests: [[here, 'defect "PUT with another name']] },
  { of: 'PUT, POST', original: 'crash without a body', tests: [[here, 'defect "no body crashes the request"']] },
  { of: 'image POST, PUT', original: 'crash without a name', tests: [[here, 'defect "an image without a name']] },
  { of: 'all', original: 'no Content-Type for who excludes JSON', tests: [[here, 'defect "Accept without JSON"']] },
  {
    of: 'base image POST',
    original: 'always pulled; ERROR without a network',
    tests: [
      ['unit/server/images/plan.test.ts', "somebody else's base image is pulled only when Docker does not hold it"],
    ],
  },
  { of: 'base image POST', original: 'reason kept after recovery', tests: [[here, 'defect "the reason stays"']] },
  {
    of: 'base image POST',
    original: 'a registry with a port confuses the parser',
    tests: [['unit/server/docker/reference.test.ts', 'the parts of what is written come out again']],
  },
  {
    of: 'base image PUT',
    original: 'the Docker image is removed although others use it',
    tests: [[ofFunctions, 'defect "an update removes the Docker image"']],
  },
  { of: 'base image DELETE', original: 'a stale status', tests: [[here, 'defect "a deletion shows a stale status"']] },
  {
    of: 'image, base image DELETE',
    original: 'allowed while in use, and nobody is told',
    tests: [
      ['unit/server/images/lifecycle.test.ts', 'a function stays on the content that it was built on'],
      ['unit/server/images/lifecycle.test.ts', 'an image outlives its base image'],
      [ofFunctions, 'defect "nobody is told that an image has gone"'],
    ],
  },
  {
    of: 'image POST, PUT',
    original: 'built from a base image that is not READY',
    tests: [['unit/server/images/plan.test.ts', 'an image waits while its base is being pulled']],
  },
  {
    of: 'function POST',
    original: 'not tried again when its image appears',
    tests: [[`${runs}/reconcile.test.ts`, 'a function created before its image is in ERROR']],
  },
  {
    of: 'function PUT',
    original: '404 while it is built',
    tests: [[`${runs}/reconcile.test.ts`, 'updates under load fail no call']],
  },
  { of: 'function DELETE', original: 'repeated ones race', tests: [[ofFunctions, 'defect "repeated deletions race"']] },
  {
    of: 'function DELETE',
    original: 'slow with many runs',
    tests: [[`${runs}/reconcile.test.ts`, 'deleting hides runs at once']],
  },
  {
    of: 'function DELETE',
    original: 'images are left behind',
    tests: [[`${runs}/reconcile.test.ts`, 'two quick updates end on the last one, and code of no other is left']],
  },
  {
    of: 'function states',
    original: 'CREATING after a crash for ever',
    tests: [[ofFunctions, 'defect "CREATING for ever"']],
  },
  {
    of: 'runs POST',
    original: 'the first call after READY may fail',
    tests: [['e2e/stories/functions.ts', 'hello world in Python']],
  },
  {
    of: 'runs POST',
    original: 'one call at a time',
    tests: [['unit/server/engine/workers.test.ts', 'a function has one worker, more while calls wait']],
  },
  {
    of: 'runs POST',
    original: 'abandoned calls hold the slot',
    tests: [[`${runs}/client-gone.test.ts`, 'a blocking run whose caller has gone ends as any other']],
  },
  {
    of: 'runs POST',
    original: 'dead after a restart of Docker',
    tests: [['unit/server/engine/workers.test.ts', 'after a restart of Docker, which ends every container']],
  },
  { of: 'runs POST', original: 'cut at 60 s', tests: [[connections, 'defect "blocking calls cut at 60 s"']] },
  {
    of: 'runs POST',
    original: '404 for a function that is not READY',
    tests: [[ofFunctions, 'defect "404 for not READY"']],
  },
  {
    of: 'runs GET',
    original: 'no limit, no order, kept for ever',
    tests: [
      [`${runs}/page.test.ts`, 'links lead through all runs, each once'],
      [`${runs}/page.test.ts`, 'without a limit all runs come, up to a number and a size'],
      [`${runs}/sweeper.test.ts`, 'by count the newest stay'],
    ],
  },
  { of: 'function schemas', original: 'numbers rejected', tests: [[ofFunctions, 'defect "numbers are rejected"']] },
  { of: 'run', original: 'finishedTime in 1754', tests: [[ofFunctions, 'defect "finished in 1754"']] },
  { of: 'run', original: 'stack traces with build paths', tests: [[ofFunctions, 'defect "the stack of the server"']] },
  { of: 'run GET', original: 'no name in the 404', tests: [[ofFunctions, 'defect "a run without a name"']] },
  { of: 'secret GET', original: 'in clear to everybody', later: 'authentication' },
  { of: 'secret', original: 'in clear at rest', later: 'encryption' },
  {
    of: 'secret PUT',
    original: 'path ignored',
    tests: [['unit/server/secrets/routes.test.ts', 'defect "path ignored"']],
  },
  {
    of: 'secret PUT',
    original: 'tags dropped',
    tests: [['unit/server/secrets/routes.test.ts', 'defect "tags dropped"']],
  },
  {
    of: 'API PUT',
    original: 'the organization is put before the path once more',
    tests: [['unit/server/apis/routes.test.ts', 'defect "prefix added again on PUT"']],
  },
  {
    of: 'API POST, PUT',
    original: 'duplicate routes, one at random',
    tests: [['unit/server/apis/routes.test.ts', 'defect "duplicate routes in random order"']],
  },
  {
    of: 'API DELETE',
    original: 'active until the next change',
    tests: [
      ['unit/server/apis/routes.test.ts', 'defect "a deleted API stays until the next change"'],
      [gateway, 'defect "a deleted API is served"'],
    ],
  },
  {
    of: 'gateway',
    original: 'a failed function is an empty 200',
    tests: [
      [gateway, 'defect "a failed function is an empty 200"'],
      ['wire/captures-gateway.test.ts', 'capture 087: a function that failed is told'],
    ],
  },
  {
    of: 'gateway',
    original: 'https-only APIs run over http',
    tests: [[gateway, 'defect "https only runs over http"']],
  },
  {
    of: 'gateway',
    original: 'equal names of two organizations hide one another',
    tests: [
      ['unit/server/apis/routes.test.ts', 'defect "other organizations included, equal names hide one another"'],
      [gateway, 'defect "equal names hide one another"'],
    ],
  },
  {
    of: 'gateway',
    original: 'no headers in the context, exact paths only',
    tests: [[gateway, 'defect "no headers in the context"']],
  },
  {
    of: 'event POST',
    original: 'lost after a start, no retry, competing subscriptions, blocking',
    tests: [
      [`${events}/delivery.test.ts`, 'what waited when the server stopped is delivered after the next start'],
      [`${events}/delivery.test.ts`, 'defect "an event is lost when its function is missing"'],
      [`${events}/delivery.test.ts`, 'defect "subscriptions compete"'],
      [`${events}/delivery.test.ts`, 'defect "a full queue blocks emitters"'],
    ],
  },
  {
    of: 'subscription DELETE, PUT',
    original: 'an endless loop, then a crash',
    tests: [
      [`${events}/delivery.test.ts`, 'a deleted subscription takes along what waited for it'],
      [`${events}/delivery.test.ts`, 'an updated subscription has what waits for it delivered'],
    ],
  },
  {
    of: 'ingest',
    original: 'the id of the driver is its token, for good, in the URL; one event at a time',
    tests: [
      [`${events}/ingest.test.ts`, 'defect "no batch"'],
      [`${events}/ingest.test.ts`, 'defect "the token travels in the URL"'],
      [`${events}/ingest.test.ts`, 'defect "the token is permanent"'],
    ],
  },
  {
    of: 'subscription',
    original: 'secrets ignored',
    tests: [[`${events}/delivery.test.ts`, 'defect "secrets ignored"']],
  },
  {
    of: 'subscription',
    original: 'function not checked',
    tests: [[`${events}/subscriptions.test.ts`, 'defect "subscription: function not checked"']],
  },
  {
    of: 'driver POST',
    original: 'READY without a check',
    tests: [[`${events}/drivers.test.ts`, 'defect "READY without a running check"']],
  },
  {
    of: 'driver POST',
    original: 'containers leak, errors of pulls are lost',
    tests: [
      [`${events}/driver-containers.test.ts`, 'defect "containers leak"'],
      [`${events}/drivers.test.ts`, 'defect "errors of pulls are lost"'],
    ],
  },
  {
    of: 'driver PUT',
    original: 'expose and url taken from the body',
    tests: [[`${events}/drivers.test.ts`, 'defect "expose and url are taken from the body of a PUT"']],
  },
  {
    of: 'driver DELETE',
    original: 'containers stay',
    tests: [[`${events}/driver-containers.test.ts`, 'neither does a deletion']],
  },
  {
    of: 'driver type',
    original: 'instances keep the old image',
    tests: [[`${events}/drivers.test.ts`, 'defect "instances keep the old image"']],
  },
  {
    of: 'driver type',
    original: 'config is never used',
    tests: [[`${events}/driver-containers.test.ts`, 'defect "config of a type is never used"']],
  },
  {
    of: '/v1/version, /v1/swagger.json',
    original: '404',
    tests: [
      ['wire/captures.test.ts', 'the version, which the original did not serve'],
      ['wire/documents.test.ts', 'is valid by an independent judge'],
    ],
  },
  {
    of: '/v1/iam',
    original: '501',
    tests: [['fixtures/refusals.json', 'a service of another edition, without credentials']],
  },
  { of: '/healthz', original: 'always well', tests: [[here, 'defect "health is always well"']] },
  {
    of: 'function containers',
    original: 'a port on every address',
    tests: [['unit/server/docker/lockdown.test.ts', 'defect "a port on every address"']],
  },
  {
    of: 'source archives',
    original: 'entries may leave their directory',
    tests: [['unit/server/functions/source.test.ts', 'and writes nothing outside']],
  },
  {
    of: 'process',
    original: 'SIGTERM ends calls',
    tests: [['e2e/restart.test.ts', 'SIGTERM finishes the call under way, answers it, and leaves no container']],
  },
  {
    of: 'logs',
    original: 'only with the finished run; no metrics',
    tests: [
      [`${runs}/logs.test.ts`, 'a run under way: the lines so far, then new ones'],
      ['unit/server/metrics/metrics.test.ts', 'runs are counted by language and outcome'],
    ],
  },
]
