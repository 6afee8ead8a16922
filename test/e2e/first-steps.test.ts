/** The commands of the last page of the set-up, typed: the built command line gets to know a certificate, and logs in. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { planFirstSteps } from '../../provisioning/setup/first-steps.ts'
import { cleanEnv, findFreePort, startLiveServer } from '../helpers/live-server.ts'
import { repository } from '../unit/docs/pages.ts'

const type = promisify(execFile)
const password = 'winter is not coming yet'

test('what the last page says leads to a login over TLS, without --insecure', async t => {
  const port = await findFreePort()
  const server = await startLiveServer({ overTls: true, args: ['--tls-port', String(port)] })
  t.teardown(() => server.stop())
  const created = await fetch(`${server.url}/v1/iam/user`, {
    method: 'POST',
    headers: { cookie: 'cookie', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password }),
  })
  t.is(created.status, 201, await created.text())
  const home = await mkdtemp(join(tmpdir(), 'dispatch-first-steps-'))
  t.teardown(() => rm(home, { recursive: true }))
  const { config, trust, login } = planFirstSteps({ host: 'localhost', organization: 'dispatch' })
  await mkdir(join(home, '.dispatch'))
  await writeFile(join(home, '.dispatch/config.json'), config.replace('8443', String(port)))
  const script = `${trust.replace('8443', String(port))}\n${login} --password-stdin <<'END'\n${password}\nEND\ndispatch iam get users`
  const env = { ...cleanEnv, HOME: home, PATH: `${join(repository, 'dist')}:${process.env.PATH}` }
  const { stdout } = await type('sh', ['-ec', script], { env, cwd: home })
  t.regex(stdout, /^sha256 Fingerprint=(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/m)
  t.regex(stdout, /You have successfully logged in/)
  t.regex(stdout, /admin +\| true/)
  t.regex(await readFile(join(home, '.dispatch/config.json'), 'utf8'), /"cookie"/)
})
