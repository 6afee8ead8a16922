/** The rows of secrets, the gateway, events and the server as a whole. */
import type { Defect } from './defect.ts'

const here = 'wire/defects.test.ts'
const gateway = 'wire/gateway.test.ts'
const events = 'unit/server/events'
const runs = 'unit/server/runs'

export const defectsOfTraffic: readonly Defect[] = [
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
