/** The properties are data, and their readers name keys: whatever is offered is read once, and nothing else is asked for. */
import test from 'ava'
import { guestKey, properties } from '../../../ova/properties.ts'
import { parseValues } from '../../../provisioning/firstboot/parse/values.ts'
import { allFields } from '../../../provisioning/setup/fields.ts'

const keys = properties.map(guestKey)
/** What the original called its machine: taken and not looked at. */
const unread = ['vm.vmname']
/** Of no type a good value: too short, no word, no number, no address, no name, no PEM. */
const bad = '?!'

const faultsOf = (key: string) => parseValues({ [key]: bad }, 0).faults.filter(fault => fault.key === key)

for (const property of properties) {
  const key = guestKey(property)
  test(`${key}: ${unread.includes(key) ? 'nobody reads it' : 'one parser reads it, and says what is done instead'}`, t => {
    t.deepEqual(
      faultsOf(key).map(({ instead }) => instead),
      unread.includes(key) ? [] : [property.instead],
    )
  })
}

test('a key that is in no property is told of, not read', t => {
  t.like(faultsOf('network.ip1')[0], { problem: 'there is no such setting' })
})

test('the set-up page asks for properties, and for the one setting that no import offers', t => {
  const asked = allFields.flatMap(({ key }) => key ?? [])
  t.is(new Set(asked).size, asked.length)
  t.deepEqual(
    asked.filter(key => !keys.includes(key)),
    ['network.mtu'],
  )
})

test('what the page does not ask for is named here: a new property belongs on the page or in this list', t => {
  const asked = new Set(allFields.map(({ key }) => key))
  t.deepEqual(
    keys.filter(key => !asked.has(key)),
    [
      // Who sits at the page sets the administrator's password and keys; a login of root is for whoever deploys.
      ...['appliance.root_pwd', 'appliance.permit_root_login'],
      // Nobody has to decide on them before the first login.
      ...['appliance.ca_cert', 'dispatch.organization'],
      ...unread,
    ],
  )
})
