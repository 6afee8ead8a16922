/** Lines of the audit log, and what was found when it was checked: what clients get. */
import { Type } from '@sinclair/typebox'

const number = (description: string) => Type.Integer({ minimum: 0, description })
const word = (description: string) => Type.String({ description })
const hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })

export const shownLine = Type.Object(
  {
    number: number('Place in the log, counted from 1'),
    time: Type.String({ format: 'date-time', description: 'When it was answered; of several the last one' }),
    kind: word(
      'Who asked: user, account, driver, local (by the local socket), anyone (nobody was asked who it is), unknown (credentials that tell nobody), various',
    ),
    user: word('The name that policies know; of an account with its organization'),
    peer: word('Address of the other end'),
    operation: word('What was asked for: id of the operation'),
    resource: word('As policies name it'),
    org: word('The organization that the request named'),
    name: word('Of the object'),
    status: Type.Integer({ description: 'Status of the answer' }),
    count: number('How many requests the line is about'),
    request: word('Id of the last one, as its answer had it in X-Request-Id'),
    previous: hash('SHA-256 of the line before'),
  },
  { title: 'AuditLine' },
)

const link = Type.Object(
  { number: number('Place in the log'), hash: hash('SHA-256 of the line') },
  { description: 'The newest line' },
)

export const shownVerdict = Type.Object(
  {
    lines: number('How many were checked'),
    first: number('Number of the oldest one'),
    last: link,
    fault: Type.Optional(
      Type.Object(
        {
          file: word('The file that it is in'),
          lineInFile: number('Counted from 1; 0 where no single line is at fault'),
          cause: word('What does not fit'),
        },
        { description: 'The first one; absent when there is none' },
      ),
    ),
  },
  { title: 'AuditVerdict' },
)
