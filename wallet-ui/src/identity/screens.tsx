/** The screens of identity: what is loaded when somebody goes there. */
import { Add } from './add.tsx'
import { Credential } from './credential.tsx'
import { Data } from './data.tsx'
import { Exchange, Returned } from './exchange.tsx'
import { Log } from './log.tsx'
import { Names } from './names.tsx'
import { Overview } from './overview.tsx'
import './identity.css'

/** @param route what stands behind `identity` in the address */
export default function Identity({ route }: { route: readonly string[] }) {
  const [name, id] = route
  switch (name) {
    case 'credential':
      return <Credential key={id} id={id ?? ''} />
    case 'scan':
      return <Exchange link={null} />
    case 'add':
      return <Add />
    case 'open':
      return <Exchange key={id} link={id ?? null} />
    case 'return':
      return <Returned />
    case 'log':
      return <Log />
    case 'names':
      return <Names />
    case 'data':
      return <Data />
    default:
      return <Overview />
  }
}
