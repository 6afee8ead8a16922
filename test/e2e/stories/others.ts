/** The quickstart stories of existing users about APIs, events, files, and cleaning up. */
import { type Case, postsJson, reaches, reachesLater, renderLines, seedLines } from './step.ts'

export const gateway: Case = {
  title: 'the API gateway',
  steps: [
    {
      run: 'create api hello-api hello-world --method POST --method GET --path /hello',
      prints: 'Created api: hello-api\n',
    },
    {
      run: 'get api',
      prints:
        /^.*\n-+\n {2}hello-api \| hello-world \| http {6}\| POST {4}\| {8}\| http:\/\/127\.0\.0\.1:8081\/dispatch\/hello {2}\| public \| READY {2}\| true.*\n.*\| https {5}\| GET {5}\| {8}\| https:\/\/127\.0\.0\.1:8444\/dispatch\/hello \|.*\n-+\n$/,
      until: true,
    },
    postsJson('/dispatch/hello', { name: 'Jon', place: 'Winterfell' }, 'Hello, Jon from Winterfell'),
    { fetch: 'GET /dispatch/hello?name=Jon&place=Winterfell', has: { myField: 'Hello, Jon from Winterfell' } },
    {
      ...{ fetch: 'POST /dispatch/hello', headers: { 'content-type': 'application/json' }, body: 'not json' },
      ...{ status: 400, has: { message: 'request body is not json' } },
    },
    { run: 'create api cors-api hello-js -m POST -p /cors --cors --https-only', prints: 'Created api: cors-api\n' },
    { run: 'get api cors-api -o json', has: { cors: true, protocols: ['https'], methods: ['POST'] } },
    { run: 'delete api hello-api', prints: 'Deleted api: hello-api\n' },
    { run: 'delete api cors-api', prints: 'Deleted api: cors-api\n' },
  ],
}

export const subscription: Case = {
  title: 'events with a subscription',
  steps: [
    {
      run: 'create function node-echo-back --image nodejs ./examples/nodejs --handler ./debug.js',
      prints: 'Created function: node-echo-back\n',
    },
    reaches('function', 'node-echo-back'),
    {
      run: 'create subscription node-echo-back --name sub1 --event-type my.event',
      prints: 'created subscription: sub1\n',
    },
    reaches('subscription', 'sub1'),
    {
      run: 'get subscription',
      prints: /^.*\n-+\n {2}sub1 \| my\.event +\| node-echo-back +\| READY {2}\| .* UTC \d+ {2}\n$/,
    },
    { run: `emit my.event --data '{"name":"Jon"}' --content-type application/json`, prints: 'event emitted\n' },
    {
      run: 'get runs node-echo-back -o json',
      has: [
        {
          status: 'READY',
          event: { eventType: 'my.event', source: 'dispatch' },
          output: { context: { event: { eventType: 'my.event' } }, params: { name: 'Jon' } },
        },
      ],
      until: true,
    },
    { run: "emit other.event --data '{}'", prints: 'event emitted\n' },
    { run: 'delete subscription sub1', prints: 'Deleted subscription: sub1\n' },
  ],
}

const badName =
  '[Code: 605] name should start with lower case letter or number and may only contain lower case letters, numbers and dashes\n'

export const driver: Case = {
  title: 'the event driver ticker',
  steps: [
    {
      run: 'create eventdrivertype ticker dispatchframework/ticker:0.0.2',
      prints: 'Created event driver type: ticker\n',
    },
    {
      run: 'get eventdrivertype',
      prints: /\n {2}ticker +\| dispatchframework\/ticker:0\.0\.2 +\| false +\n/,
    },
    { run: 'create eventdriver ticker --name tick --set seconds=1', prints: 'Created event driver: tick\n' },
    {
      run: 'get eventdriver tick -o json',
      has: { status: 'READY', reason: null, config: [{ value: '1' }] },
      until: true,
    },
    {
      run: 'create subscription --name ticksub --event-type ticker.tick hello-js',
      prints: 'created subscription: ticksub\n',
    },
    { run: 'get runs hello-js -o json', prints: /"eventType": "ticker\.tick"/, until: true },
    { run: 'create eventdriver ticker --name Bad_Name --set seconds=1', fails: badName },
    { run: 'delete eventdriver tick', prints: 'Deleted drivers: tick\n' },
    { run: 'delete eventdrivertype ticker', prints: 'Deleted driver types: ticker\n' },
    { run: 'delete subscription ticksub', prints: 'Deleted subscription: ticksub\n' },
    { run: 'delete function hello-js', prints: 'Deleted function: hello-js\n' },
    { run: 'delete secret open-sesame', prints: 'Deleted secret: open-sesame\n' },
  ],
}

const inSeedFile = [
  ...['hello-py', 'http-py', 'hello-js', 'hello-ps1'].map(name => `Function: ${name}`),
  ...['Secret: open-sesame', 'API: post-hello', 'DriverType: ticker', 'Driver: ticker', 'Subscription: ticker-sub'],
]

export const seedFile: Case = {
  title: 'everything from seed.yaml',
  steps: [
    { run: 'create -f seed.yaml -w examples', prints: renderLines('Created', inSeedFile) },
    { run: 'apply -f seed.yaml -w examples', prints: renderLines('Applied', inSeedFile) },
    ...['hello-py', 'http-py', 'hello-js'].map(name => reaches('function', name)),
    reachesLater('function', 'hello-ps1', 'powershell'),
    { run: `exec hello-py --wait --input '{"name":"Jon","place":"Winterfell"}'`, has: { status: 'READY' } },
    {
      ...postsJson('/dispatch/hello', { name: 'Jon', place: 'Winterfell' }, 'Hello, Jon from Winterfell'),
      overTls: true,
    },
    { run: 'delete -f seed.yaml -w examples', prints: renderLines('Deleted', inSeedFile) },
  ],
}

export const cleanup: Case = {
  title: 'cleaning up',
  steps: [
    { run: 'delete function hello-world', prints: 'Deleted function: hello-world\n' },
    { run: 'delete secret open-sesame', fails: '[Code: 404] secret open-sesame not found\n' },
    { run: 'delete image python3', prints: 'Deleted image: python3\n' },
    { run: 'get image python3', fails: '[Code: 404] image python3 not found\n', until: true },
    { run: 'delete seed-images', fails: 'Skipped Image: python3 (not found)\n' },
    { run: 'get base-images -o json', has: [], until: true },
    { run: 'get base-images', prints: '  NAME | URL | STATUS | CREATED DATE  \n---------------------------------\n' },
    { run: 'create seed-images', prints: seedLines('Created') },
  ],
}
