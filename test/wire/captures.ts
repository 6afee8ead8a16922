/** What happens between the captures: the calls of the recorded day that were not recorded, and what it waited for. */
import { addRuntime, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'
import { jon, recordedBody } from './captures-functions.ts'

export type Step = (app: TestApp) => Promise<unknown>

const reach =
  (url: string, status = 'READY'): Step =>
  app =>
    app.reach(url, status)

const gone =
  (url: string): Step =>
  app =>
    until(`${url} is gone`, async () => (await app.call('GET', url)).status === 404)

/** Its name may be taken again after this. */
const remove =
  (url: string): Step =>
  app =>
    until(`${url} is gone`, async () => (await app.call('DELETE', url)).status === 404)

const create =
  (url: string, body: object): Step =>
  app =>
    app.call('POST', url, body)

/** A function with the code of the first one. */
const createFunction = (name: string, image: string, fields: object = {}): Step =>
  create('/v1/function', { name, image, source: recordedBody('027', 'request').source, ...fields })

const everyRunEnds: Step = app =>
  until('no run is under way', async () => {
    const { body } = await app.call('GET', '/v1/runs')
    return body.every(({ status }: { status: string }) => ['READY', 'ERROR'].includes(status))
  })

/** The original took its time to remove a container: 162 came before it had. */
const removalsMayGoOn = Promise.withResolvers<void>()
const holdRemovals: Step = async ({ execution }) => {
  const { unload } = execution
  execution.unload = async revisionId => {
    await removalsMayGoOn.promise
    await unload(revisionId)
  }
}

interface Run {
  functionName: string
  blocking?: boolean
  input?: unknown
  httpContext?: object
  event?: object
}

/** As the gateway and the event bus of the original did: by REST, with what called it. */
const repeatRun = ({ functionName, blocking, input, httpContext, event }: Run): Step =>
  create(`/v1/runs?functionName=${functionName}`, { blocking, input, httpContext, event })

const [byGateway, byEvent] = recordedBody('096', 'answer')
const runsOfHelloJs: Run[] = recordedBody('106', 'answer').filter(
  ({ error }: { error?: { type: string } }) => error?.type !== 'SystemError',
)
const runsByGateway: Run[] = recordedBody('124', 'answer').filter((run: Run) => run.httpContext)
/** Resolves when its run has begun. */
const emitAsRecorded: Step = async app => {
  await app.call('POST', '/v1/event', { ...byEvent.event, data: byEvent.input })
  await until('the event is delivered', async () => {
    const { body } = await app.call('GET', '/v1/runs?functionName=node-echo-back')
    return body.length === 2
  })
}

/** The original took its time to pull an image: 102 came before it had. */
const pullsMayGoOn = Promise.withResolvers<void>()
const holdPulls: Step = async ({ docker }) => {
  const { pullImage } = docker
  docker.registry.add('dispatchframework/ticker:0.0.2')
  docker.pullImage = async (reference, pull) => {
    await pullsMayGoOn.promise
    await pullImage(reference, pull)
  }
}

const published = { authentication: 'public', enabled: true, protocols: ['http', 'https'] }
const ofSeedFile = [
  ...['hello-py', 'http-py', 'hello-js', 'hello-ps1'].map(name => `function/${name}`),
  'secret/open-sesame',
  'api/post-hello',
  'event/drivers/ticker',
  'event/drivertypes/ticker',
  'event/subscriptions/ticker-sub',
]
const runHello = (input: object): Step => create('/v1/runs?functionName=hello-world', { blocking: true, input })

/** By the number of the capture that comes next. */
export const before: Readonly<Record<string, readonly Step[]>> = {
  '006': [reach('/v1/baseimage/python3-base')],
  '012': [reach('/v1/image/python3')],
  '017': [
    create('/v1/baseimage', { name: 'missing', dockerUrl: 'missing/image:latest', language: 'nodejs' }),
    reach('/v1/baseimage/missing', 'ERROR'),
  ],
  '021': [
    // What the original pulled from a registry.
    ...['java', 'powershell'].map(
      language =>
        async ({ docker }: TestApp) =>
          addRuntime(docker, language, {}),
    ),
    ...['image/python3', 'baseimage/missing', 'baseimage/python3-base'].map(path => remove(`/v1/${path}`)),
  ],
  '024': ['nodejs', 'python3', 'java', 'powershell'].map(name => reach(`/v1/image/${name}`)),
  '029': [reach('/v1/function/hello-world')],
  '034': [runHello(jon)],
  '036': [runHello(jon)],
  '041': [runHello({}), everyRunEnds],
  '047': [reach('/v1/function/hello-js')],
  '051': [createFunction('noimg', 'nope'), reach('/v1/function/noimg', 'ERROR')],
  '056': [createFunction('raise', 'python3'), reach('/v1/function/raise')],
  '059': [
    createFunction('badhandler', 'python3', { handler: 'nofile.handle' }),
    reach('/v1/function/badhandler', 'ERROR'),
  ],
  '067': [reach('/v1/function/i-have-a-secret')],
  '071': [reach('/v1/api/hello-api')],
  '086': [
    createFunction('node-echo-back', 'nodejs', { handler: './debug.js' }),
    create('/v1/api', { name: 'raise-api', function: 'raise', uris: ['/raise'], methods: ['GET'], ...published }),
  ],
  '094': [reach('/v1/event/subscriptions/sub1')],
  '096': [reach('/v1/function/node-echo-back'), repeatRun(byGateway), emitAsRecorded, everyRunEnds],
  '099': [create('/v1/event/drivertypes', { name: 'ticker', image: 'dispatchframework/ticker:0.0.2' })],
  '101': [holdPulls],
  '104': [async () => pullsMayGoOn.resolve(), reach('/v1/event/drivers/tick')],
  '106': [...runsOfHelloJs.map(repeatRun), everyRunEnds],
  '111': [remove('/v1/event/drivers/tick')],
  '114': ['inputerr', 'node-echo-back'].map(name => reach(`/v1/function/${name}`)),
  '124': [...runsByGateway.map(repeatRun), everyRunEnds],
  '131': [gone('/v1/event/subscriptions/sub1')],
  '142': [reach('/v1/function/hello-world')],
  '144': ['function/hello-js', 'secret/open-sesame'].map(path => remove(`/v1/${path}`)),
  '154': [
    ...ofSeedFile.map(path => remove(`/v1/${path}`)),
    remove('/v1/image/python3'),
    reach('/v1/function/hello-world'),
  ],
  '156': ['raise-api', 'cors-api'].map(name => reach(`/v1/api/${name}`)),
  '159': ['hello-api', 'echo-api'].map(name => remove(`/v1/api/${name}`)),
  '161': [holdRemovals],
  '164': [async () => removalsMayGoOn.resolve()],
}
