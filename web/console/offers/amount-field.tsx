import { Field } from '../../design/field.tsx';
import { useLot } from '../frame/lot.ts';
import { amountFrom } from '../reservations/typed-amount.ts';
import { tell } from './texts.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly onText: (text: string) => void;
}

/** An amount in the lot's currency, as people type it. */
export function AmountField({ label, value, hint, required = false, onText }: Props) {
  const { currency } = useLot();
  const isWrong = value !== '' && amountFrom(value, currency) === undefined;
  return (
    <Field
      {...{ label, value, hint, required, inputMode: 'decimal' }}
      wrong={isWrong ? tell('notAmount') : undefined}
      onInput={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
