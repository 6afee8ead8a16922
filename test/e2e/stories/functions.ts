/** The quickstart stories of existing users about functions, secrets and images. */
import { type Case, type CommandStep, reaches, seedLines, seedReady } from './step.ts'

const jon = `'{"name": "Jon", "place": "Winterfell"}'`
const hello = { output: { myField: 'Hello, Jon from Winterfell' } }
const created = (name: string): string => `Created function: ${name}\n`

const createFunction = (name: string, options: string): CommandStep => ({
  run: `create function ${name} --image nodejs ./examples/nodejs ${options}`,
  prints: created(name),
})

const noPowershell: CommandStep = {
  run: 'get base-image powershell-base -o json',
  has: { status: 'ERROR', reason: [/no runtime for powershell|the runtime powershell .* is not on this machine/] },
  until: true,
  waitsFor: 'powershell',
}

export const helloPython: Case = {
  title: 'hello world in Python',
  steps: [
    { run: 'version', prints: /^Client: .+\nServer: .+\n$/ },
    { run: 'create seed-images', prints: seedLines('Created') },
    ...seedReady,
    noPowershell,
    { run: 'get images', prints: /^ +NAME +\| +URL .*\n-+\n(?: {2}(?:java|nodejs|powershell|python3) .*\n){4}$/ },
    { run: 'create function hello-world --image python3 ./hello.py', prints: created('hello-world') },
    reaches('function', 'hello-world'),
    {
      run: 'get function',
      prints: /^ +NAME .*\n-+\n {2}hello-world \| dispatch\/func-\S+:latest \| READY {2}\| .* UTC \d+ {2}\n$/,
    },
    {
      run: `exec hello-world --input ${jon} --wait`,
      has: { blocking: true, status: 'READY', input: { name: 'Jon' }, logs: { stderr: null, stdout: null }, ...hello },
    },
    {
      run: `exec hello-world --input '{"name": "Arya"}'`,
      has: { status: 'INITIALIZED', input: { name: 'Arya' }, functionName: 'hello-world' },
    },
    {
      run: 'get run hello-world -o json',
      has: [
        { status: 'READY', output: { myField: 'Hello, Arya from Nowhere' } },
        { status: 'READY', ...hello },
      ],
      until: true,
    },
    {
      run: 'get run hello-world',
      prints:
        /^ +ID +\| +FUNCTION +\| STATUS \| +STARTED +\| +FINISHED .*\n-+\n(?: {2}\S+ \| hello-world \| READY {2}\| .*\n){2}$/,
    },
  ],
}

const schemas = '--schema-in examples/nodejs/hello.schema.in.json --schema-out examples/nodejs/hello.schema.out.json'
const noSecret =
  'error when retrieving secrets from secret store: failed to get secrets from secret store: [Code: 404] secret nosuch not found'

export const nodeWithSecret: Case = {
  title: 'Node.js with schemas and a secret',
  steps: [
    createFunction('hello-js', `--handler ./hello.js ${schemas}`),
    reaches('function', 'hello-js'),
    { run: `exec hello-js --input ${jon} --wait -o json`, has: hello },
    {
      run: 'exec hello-js --wait -o json',
      has: {
        status: 'ERROR',
        error: {
          type: 'InputError',
          message: 'Input invalid against schema: validation failure list:\n.name in body is required',
        },
      },
    },
    { run: 'create secret open-sesame ./examples/nodejs/secret.json', prints: 'Created secret: open-sesame\n' },
    {
      run: 'get secret open-sesame',
      prints:
        /^Note: secret values are hidden, please use --all flag to get them\n\n.*\n-+\n {2}\S+ \| open-sesame \| <hidden> {2}\n$/,
    },
    createFunction('i-have-a-secret', '--handler ./i-have-a-secret.js --secret open-sesame'),
    reaches('function', 'i-have-a-secret'),
    { run: 'exec i-have-a-secret --wait -o json', has: { output: { message: 'The password is OpenSesame' } } },
    { run: 'exec i-have-a-secret --secret nosuch --wait -o json', has: { error: { message: noSecret } } },
    { run: 'update -f secret_update.yaml', prints: 'Updated Secret: open-sesame\n' },
    { run: 'exec i-have-a-secret --wait -o json', has: { output: { message: 'The password is OpenSesameStreet' } } },
  ],
}

export const imageWithDependencies: Case = {
  title: 'an image with dependencies',
  steps: [
    {
      run: 'create base-image my-python-base dispatchframework/python3-base:0.0.13 --language python3',
      prints: 'Created base image: my-python-base\n',
    },
    {
      run: 'create image my-pandas my-python-base --runtime-deps requirements.txt',
      prints: 'Created image: my-pandas\n',
    },
    {
      run: 'get image my-pandas -o json',
      has: { status: 'READY', runtimeDependencies: { manifest: 'pandas==0.23.0\n' } },
      until: true,
    },
    { run: 'apply -f images.yaml', prints: 'Applied Image: my-pandas\n' },
    {
      run: 'get image my-pandas -o json',
      has: { status: 'READY', baseImageName: 'python3-base' },
      until: true,
    },
    { run: 'create image nobase does-not-exist', fails: '[Code: 400] Error fetching base image does-not-exist\n' },
    {
      run: 'create base-image missing missing/image:latest --language nodejs',
      prints: 'Created base image: missing\n',
    },
    {
      run: 'get base-image missing -o json',
      has: { status: 'ERROR', reason: [/^error when pulling image missing\/image:latest: /] },
      until: true,
    },
    ...['image my-pandas', 'base-image my-python-base', 'base-image missing'].map(object => ({
      run: `delete ${object}`,
    })),
  ],
}

export const failures: Case = {
  title: 'functions that fail, or cannot be loaded',
  steps: [
    { run: 'create function raise --image python3 raise.py', prints: created('raise') },
    reaches('function', 'raise'),
    {
      run: `exec raise --wait --input '{"bad": true}'`,
      has: { status: 'ERROR', error: { type: 'FunctionError', message: 'boom' }, logs: { stdout: ['about to'] } },
    },
    { run: 'exec raise --wait', has: { status: 'READY', output: 'fine' } },
    { run: 'create function broken --image python3 broken.py', prints: created('broken') },
    {
      run: 'get function broken -o json',
      has: { status: 'ERROR', reason: [/Invalid function file or handler: .*broken\.py/] },
      until: true,
    },
    { run: 'exec broken --wait', fails: '[Code: 404] function broken is not READY\n' },
    ...['raise', 'broken'].map(name => ({ run: `delete function ${name}`, prints: `Deleted function: ${name}\n` })),
  ],
}
