/** The cases of the original's suite of APIs. */
import { type Case, type FetchStep, postsJson, reaches, type Step } from '../stories/step.ts'
import { cleanup, createReady, onNode } from './building-blocks.ts'

const create = (name: string, options: string): readonly Step[] => [
  { run: `create api ${name} func-nodejs ${options}`, prints: `Created api: ${name}\n` },
  reaches('api', name),
]

const vmware = { name: 'VMware', place: 'Palo Alto' }
const greeting = 'Hello, VMware from Palo Alto'
const json = { 'content-type': 'application/json' }
const puts = (step: Omit<FetchStep, 'fetch'>): FetchStep => ({ fetch: 'PUT /dispatch/hello', ...step })
const putsJson = (headers: Record<string, string> = {}): FetchStep => ({
  ...postsJson('/dispatch/hello', vmware, greeting, 'PUT'),
  headers: { ...json, ...headers },
})
const refuses = (message: string) => ({ status: 400, has: { message } })

const transforms: readonly Step[] = [
  putsJson(),
  puts({ headers: { ...json, 'x-dispatch-blocking': 'false' }, body: JSON.stringify(vmware) }),
  putsJson({ 'x-dispatch-org': 'invalid' }),
  puts({ has: { myField: 'Hello, Noone from Nowhere' } }),
  puts({ headers: json, body: 'not json', ...refuses('request body is not json') }),
  puts({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'name=VMware&place=Palo+Alto',
    has: { myField: greeting },
  }),
  puts({
    headers: { 'content-type': 'unsupported-content-type' },
    body: '{}',
    ...refuses('request body type is not supported: unsupported-content-type'),
  }),
  { fetch: 'GET /dispatch/hello?name=vmware&place=PaloAlto', has: { myField: 'Hello, vmware from PaloAlto' } },
  { fetch: 'GET /dispatch/hello', has: { myField: 'Hello, Noone from Nowhere' } },
  { fetch: 'PUT /dispatch/echo', has: { context: { httpContext: { method: 'PUT' } } } },
]

export const apis: readonly Case[] = [
  {
    title: 'create images for test',
    steps: [
      { run: 'create base-image base-nodejs dispatchframework/nodejs-base:0.0.12 --language nodejs' },
      { run: 'create image nodejs base-nodejs' },
      reaches('image', 'nodejs'),
    ],
  },
  {
    title: 'create functions for test',
    steps: [
      ...createReady(onNode('func-nodejs', './hello.js')),
      ...createReady(onNode('node-echo-back', './debug.js')),
    ],
  },
  {
    title: 'HTTP(S)',
    steps: [
      ...create('api-test-http', '-m POST -p /http --auth public'),
      postsJson('/dispatch/http', vmware, greeting),
      { ...postsJson('/dispatch/http', vmware, greeting), overTls: true },
    ],
  },
  {
    title: 'HTTPS only',
    steps: [
      ...create('api-test-https-only', '-m POST --https-only -p /https-only'),
      { run: 'get api api-test-https-only -o json', has: { protocols: ['https'] } },
      { fetch: 'POST /dispatch/https-only', ...refuses('Please use HTTPS protocol') },
      { ...postsJson('/dispatch/https-only', vmware, greeting), overTls: true },
    ],
  },
  {
    title: 'API gateway transforms',
    steps: [
      ...create('api-test', '-m GET -m DELETE -m POST -m PUT -p /hello'),
      { run: 'get api api-test -o json', has: { methods: ['GET', 'DELETE', 'POST', 'PUT'] } },
      { run: 'create api api-echo node-echo-back -m GET -m DELETE -m POST -m PUT -p /echo' },
      reaches('api', 'api-echo'),
      ...transforms,
    ],
  },
  {
    title: 'CORS',
    steps: [
      ...create('api-test-cors', '-m POST -m PUT -p /cors --cors'),
      { run: 'get api api-test-cors -o json', has: { cors: true } },
      {
        ...postsJson('/dispatch/cors', vmware, greeting, 'PUT'),
        shows: { 'access-control-allow-origin': '*' },
      },
    ],
  },
  {
    title: 'API updates',
    steps: [
      ...create('api-test-update', '-m GET -p /hello'),
      { fetch: 'GET /dispatch/hello', has: { myField: 'Hello, Noone from Nowhere' } },
      { run: 'update -f api_update.yaml', prints: 'Updated API: api-test-update\n' },
      reaches('api', 'api-test-update'),
      { run: 'get api api-test-update -o json', has: { protocols: ['https'], uris: ['/dispatch/goodbye'] } },
      { fetch: 'GET /dispatch/goodbye', ...refuses('Please use HTTPS protocol') },
      { fetch: 'GET /dispatch/goodbye', overTls: true, has: { myField: 'Hello, Noone from Nowhere' } },
    ],
  },
  cleanup,
]
