/** What `dispatch-firstboot --plan` shows of each form of values, and what it never shows. */
import { spawnSync } from 'node:child_process'
import test from 'ava'
import { readText } from '../../../../../provisioning/firstboot/preview/read-text.ts'
import { renderPreview } from '../../../../../provisioning/firstboot/preview/render.ts'
import { renderEnvironment } from '../sources/support.ts'

const show = (text: string) => renderPreview(readText(text), Date.now())
const rowsOf = (text: string) =>
  text
    .split('\n\n')[0]
    ?.split('\n')
    .map(row => row.split(/ {2,}/)) ?? []

test('each value has its verdict', t => {
  const { text, hasFaults } = show(`# the lab
network.ip0=10.0.0.5/24
network.gateway=10.1.0.1
network.fqdn = Dispatch.example.com
appliance.root_pwd= secret words=
vm.vmname=dispatch
other.key=x
network.DNS=
`)
  t.true(hasFaults)
  t.deepEqual(rowsOf(text), [
    ['KEY', 'VALUE', 'SOURCE', 'VERDICT'],
    ['network.ip0', '10.0.0.5/24', 'KEY=VALUE', 'not taken, for network.gateway is not'],
    ['network.gateway', '10.1.0.1', 'KEY=VALUE', 'FAULT: 10.1.0.1 is not in the network of network.ip0; DHCP is used'],
    ['network.fqdn', ' Dispatch.example.com', 'KEY=VALUE', 'taken'].map(cell => cell.trim()),
    ['appliance.root_pwd', '(given)', 'KEY=VALUE', 'taken'],
    ['vm.vmname', 'dispatch', 'KEY=VALUE', 'taken'],
    ['other.key', 'x', 'KEY=VALUE', 'not looked at'],
    ['network.DNS', 'KEY=VALUE', 'not given'],
  ])
  t.regex(text, /waits for a claim/)
  t.regex(text, /^run {5}chpasswd$/m)
})

test('every form is known by its beginning', t => {
  t.is(readText(renderEnvironment({ 'network.ip0': '10.0.0.5/24' })).form, 'ovf-env.xml')
  t.is(readText('#cloud-config\nhostname: a\n').form, 'user-data')
  t.deepEqual(
    readText('network.fqdn=a\r\nwhat\n').faults.map(({ key }) => key),
    ['line 2'],
  )
})

test('no secret is shown, in whichever form it comes', t => {
  const secret = 'Tr0ub4dor horse staple'
  const values = {
    'appliance.root_pwd': secret,
    'dispatch.admin_pwd': secret,
    'appliance.tls_cert_key': secret,
    'network.http_proxy': `http://jon:${encodeURIComponent(secret)}@proxy.example.com`,
    'network.https_proxy': `jon:${secret}@proxy.example.com`,
  }
  const lines = Object.entries(values).map(([key, text]) => `${key}=${text}\n`)
  const forms = [renderEnvironment(values), lines.join(''), `#cloud-config\npassword: ${secret}\n`]
  for (const form of forms) t.notRegex(show(form).text, /Tr0ub4dor/)
  t.regex(show(lines.join('')).text, /http:\/\/proxy\.example\.com/)
  t.regex(show(`dispatch.admin_pwd=${secret}`).text, /is claimed/)
})

test('the program says by its exit code whether everything is taken', t => {
  const run = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, ['provisioning/firstboot/main.ts', ...args], { input, encoding: 'utf8' })
  t.is(run('network.fqdn=a', '--plan', '-').status, 0)
  t.is(run('network.fqdn=a b', '--plan', '-').status, 1)
  t.is(run('<!DOCTYPE x><x/>', '--plan', '-').status, 2)
  t.regex(run('', '--plan', '/no/such/file').stderr, /no such file/)
  t.is(run('').status, 2)
  t.regex(run('', '--help').stdout, /Exit codes: 0/)
})
