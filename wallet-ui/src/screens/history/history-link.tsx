import { routeHref } from '../../app/route.ts'
import { Icon } from '../../controls/icon.tsx'
import { useHistoryWords } from '../../messages/history/words.ts'

export function HistoryLink() {
  const say = useHistoryWords()
  return (
    <div className="rows">
      <a className="row" href={routeHref('history')} data-testid="history-link">
        <span className="row-main">{say('history.link')}</span>
        <Icon name="next" />
      </a>
    </div>
  )
}
