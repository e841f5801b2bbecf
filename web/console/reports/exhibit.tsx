import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { saveCsv, type Table } from './csv.ts';
import { tell } from './texts.ts';

interface Props {
  readonly title: string;
  /** What the plot shows, for those who would rather read. */
  readonly sentence: string;
  /** Of the file that it is saved as, without its ending. */
  readonly fileName: string;
  readonly table: Table;
  readonly children: ComponentChildren;
}

/** A plot with its sentence, its table, and the way to take the table along. */
export function Exhibit({ title, sentence, fileName, table, children }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    // On paper nothing can be opened.
    const open = () => details.current?.setAttribute('open', '');
    addEventListener('beforeprint', open);
    return () => removeEventListener('beforeprint', open);
  }, []);
  return (
    <section class="card stack exhibit">
      <div class="row-of spread">
        <h2>{title}</h2>
        <Button aria-label={`${tell('csv')}: ${title}`} onClick={() => saveCsv(fileName, table)}>
          {tell('csv')}
        </Button>
      </div>
      <p>{sentence}</p>
      <div aria-hidden="true">{children}</div>
      <details ref={details}>
        <summary>{tell('asTable')}</summary>
        <div class="table-frame" role="region" aria-label={title} tabIndex={0}>
          <table class="table">
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, at) => (
                <tr key={at}>
                  {row.map(({ shown }, column) =>
                    column === 0 ? (
                      <th key={column} scope="row">
                        {shown}
                      </th>
                    ) : (
                      <td key={column}>{shown}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
