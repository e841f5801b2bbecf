import type { Messages } from '../messages/open-messages.ts';
import { figureHeard, figureText, wayText, type BoardKey, type Drawing, type Figure } from './draw.ts';

interface Props {
  readonly drawing: Drawing;
  readonly messages: Messages<BoardKey>;
}

/** A whole board: name and clock, each level, the sum, and when the numbers are from. */
export function Board({ drawing, messages }: Props) {
  const { lotName, isOpen, sum, levels, clock, updated } = drawing;
  const { say } = messages;
  return (
    <>
      <div class="top">
        <h1>{lotName}</h1>
        <span class="total">
          {isOpen ? <Number of={{ name: lotName, figure: sum, messages }} class="sum" /> : say('closed')}
        </span>
      </div>
      <ul class="levels">
        {levels.map(({ name, way, figure }) => (
          <li class="row" key={name}>
            <span aria-hidden="true">{wayText(way)}</span>
            <span>{name}</span>
            {isOpen && <Number of={{ name, figure, messages }} class="" />}
          </li>
        ))}
      </ul>
      <div class="bottom">
        <time>{clock}</time>
        {sum === undefined ? (
          <strong class="note">{say('checkEntrance')}</strong>
        ) : (
          <span>{updated !== undefined && say('updated', { time: updated })}</span>
        )}
      </div>
      <p class="heard" role="status">
        {figureHeard(lotName, sum, messages)}
      </p>
    </>
  );
}

function Number(props: { of: { name: string; figure: Figure; messages: Messages<BoardKey> }; class: string }) {
  const { name, figure, messages } = props.of;
  const { text, tone } = figureText(figure, messages);
  return (
    <span class={`figure ${tone} ${props.class}`} aria-label={figureHeard(name, figure, messages)} role="img">
      {text}
    </span>
  );
}
