/** How programs of drivers read what they are started with. */
import test from 'ava'
import fc from 'fast-check'
import { parseEndpoint, parseSettings, SettingsFault } from '../../../../server/drivers/settings.ts'

test('whatever the value, it is what stands behind the first =', t => {
  fc.assert(
    fc.property(fc.string(), value => {
      t.is(parseSettings([`--source=${value}`], ['source']).get('source'), value)
    }),
    { numRuns: 200 },
  )
  t.is(parseSettings(['--debug'], ['debug']).get('debug'), '')
})

test('what is no setting, or an unknown one, is told with those that there are', t => {
  for (const word of ['--colour=red', 'source=x', '--', '-s', ''])
    t.throws(() => parseSettings([word], ['source', 'debug']), {
      instanceOf: SettingsFault,
      message: /^unknown setting .*: there are source, debug$/,
    })
})

test('the endpoint is host:port, and the token comes from the environment', t => {
  const endpointOf = (text: string) => parseEndpoint(new Map([['dispatch-api-endpoint', text]]), { AUTH_TOKEN: 't' })
  t.deepEqual(endpointOf('172.18.0.1:8082'), { host: '172.18.0.1', port: 8082, token: 't' })
  for (const text of ['', 'host', 'host:', ':80', 'host:x'])
    t.throws(() => endpointOf(text), { instanceOf: SettingsFault, message: /HOST:PORT/ })
})
