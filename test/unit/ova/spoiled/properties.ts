/** Descriptors with a property that somebody must fill in, or that never reaches the guest. */
import { replaced, type Spoiled } from '../support/spoil.ts'

const refused = (name: string, change: [from: string | RegExp, to: string], ...problems: string[]): Spoiled => ({
  name,
  spoil: replaced(...change),
  findings: problems.map(problem => `properties can be left | sample.ovf@* | ${problem}`),
})
const rootPassword = '"root_pwd" ovf:password="true"'

export const propertiesSpoiled: Spoiled[] = [
  refused(
    'a property with MinLen and an empty default',
    [rootPassword, `${rootPassword} ovf:qualifiers="MinLen(8),MaxLen(128)"`],
    '"appliance.root_pwd" cannot be left as it is: its default "" breaks MinLen',
  ),
  refused(
    'a default that its own map does not have',
    [rootPassword, `${rootPassword} ovf:qualifiers="ValueMap{&quot;a&quot;,&quot;b&quot;}"`],
    '"appliance.root_pwd" cannot be left as it is: its default "" breaks ValueMap',
  ),
  refused(
    'qualifiers in no known form',
    ['MaxLen(65535)', 'MaxLen(65535) MinLen(0)'],
    '"appliance.tls_cert" has the qualifiers "MaxLen(65535) MinLen(0)"',
  ),
  refused('a qualifier behind nothing', ['MaxLen(65535)', 'MaxLen(65535),'], '"appliance.tls_cert" has the qualifiers'),
  refused(
    'a boolean that is none',
    [
      'ovf:type="boolean" ovf:userConfigurable="true" ovf:value="true"',
      'ovf:type="boolean" ovf:userConfigurable="true" ovf:value="yes"',
    ],
    'the default of "appliance.permit_root_login" is "yes"',
  ),
  refused(
    'a number without a default',
    ['ovf:key="ip0" ovf:type="string"', 'ovf:key="ip0" ovf:type="uint8"'],
    'the default of "network.ip0" is ""',
  ),
  refused(
    'a type that OVF does not have',
    ['ovf:key="ip0" ovf:type="string"', 'ovf:key="ip0" ovf:type="text"'],
    '"network.ip0" has the type "text"',
  ),
  refused('a key twice', ['ovf:key="gateway"', 'ovf:key="ip0"'], 'the property "network.ip0" is there twice'),
  refused('a key that no name is', ['ovf:key="gateway"', 'ovf:key="gate way"'], 'the key "gate way"'),
  refused(
    'neither secret nor not',
    [rootPassword, rootPassword.replace('true', 'yes')],
    'ovf:password of "appliance.root_pwd" is "yes"',
  ),
  refused('a property without a label', [/<Label>2\.1\. .*<\/Label>/, ''], '"network.ip0" has no Label'),
  refused('no transport', [' ovf:transport="com.vmware.guestInfo"', ''], 'ovf:transport is "absent"'),
  refused('a transport by a CD that is not there', ['com.vmware.guestInfo', 'iso'], 'ovf:transport is "iso"'),
]
