/** Which mode of authentication a configuration stands for. */
import test from 'ava'
import { load, run } from '../../../helpers/config-sources.ts'

const authOf = (...argv: string[]) => run({ argv }).config.auth

for (const host of ['127.0.0.1', '127.3.2.1', '::1', 'localhost'])
  test(`who alone reaches ${host} need not say who he is, unless that is asked for`, t => {
    t.is(authOf('--host', host), 'open')
    t.is(authOf('--host', host, '--auth', 'open'), 'open')
    t.is(authOf('--host', host, '--auth', 'required'), 'required')
  })

for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.example.com', 'dispatch.example.com', '::ffff:127.0.0.1'])
  test(`who comes to ${host} has to say who he is, whatever is asked for`, t => {
    t.is(authOf('--host', host), 'required')
    t.is(authOf('--host', host, '--auth', 'required'), 'required')
    t.throws(() => authOf('--host', host, '--auth', 'open'), {
      message: `auth: open lets anybody who reaches ${host} run code; leave auth out, or set host to 127.0.0.1 so that this machine alone reaches the server`,
    })
  })

test('it is known why the mode is what it is', t => {
  const reasonOf = (...argv: string[]) => run({ argv }).config.authReason
  t.is(reasonOf(), 'the default, since only this machine reaches host 127.0.0.1')
  t.is(reasonOf('--host', '0.0.0.0'), 'the default, since other machines reach host 0.0.0.0')
  t.is(reasonOf('--auth', 'required'), 'set by flag --auth')
  t.is(run({ env: { DISPATCH_AUTH: 'open' } }).config.authReason, 'set by environment DISPATCH_AUTH')
})

test('another mode is refused', t => {
  t.throws(() => authOf('--auth', 'off'), { message: 'auth: "off" is not allowed; it must be open or required' })
})

test('the printed configuration says which mode is on, and why', t => {
  const print = (...argv: string[]): string => {
    const loaded = load({ argv: ['--print-config', ...argv] })
    return loaded.mode === 'print-config' ? loaded.text : ''
  }
  t.regex(print(), /^auth: "open" # default: open when host is loopback, else required$/m)
  t.regex(print('--host', '0.0.0.0'), /^auth: "required" # default: open when host is loopback, else required$/m)
  t.regex(print('--auth', 'required'), /^auth: "required" # flag --auth$/m)
})
