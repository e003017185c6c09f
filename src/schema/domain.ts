import { demoPeople } from '../../prisma/demo-people.ts'
import type { Domain } from '../app.ts'
import { datamodel } from '../generated/datamodel.ts'
import { findIdentity } from './people/find-identity.ts'
import { schema } from './schema.ts'
import { welcomeQuery } from './welcome-query.ts'

/** The reference domain, as the process is handed it. */
export const domain: Domain = {
  schema,
  datamodel,
  findIdentity,
  adminRole: 'ADMIN',
  welcomeQuery,
  demoPeople,
}
