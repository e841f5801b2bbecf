import { Button } from '../../design/button.tsx';
import { useConsole } from './console-context.ts';

interface Props {
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly onMore: () => void;
  /** How many stand there already. */
  readonly shown: number;
}

/** The end of a list that is read a page at a time. */
export function More({ hasMore, isBusy, onMore, shown }: Props) {
  const { say } = useConsole();
  if (shown === 0) return null;
  return (
    <div class="row-of">
      <span class="quiet" role="status">
        {say('shown', { count: shown })}
      </span>
      {hasMore && (
        <Button isBusy={isBusy} onClick={onMore}>
          {say('more')}
        </Button>
      )}
    </div>
  );
}
