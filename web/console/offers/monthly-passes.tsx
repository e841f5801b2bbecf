import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Field } from '../../design/field.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import {
  ConsoleOfferPassDocument,
  ConsoleWithdrawPassDocument,
  type ConsoleOffersQuery,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import type { Refused } from '../frame/problem.tsx';
import { amountFrom } from '../reservations/typed-amount.ts';
import { AmountField } from './amount-field.tsx';
import { OfferForm, OfferList } from './offer-list.tsx';
import { tell } from './texts.ts';

interface Props {
  readonly products: ConsoleOffersQuery['monthlyPassProducts'];
  readonly sold: ConsoleOffersQuery['lotMonthlyPasses']['nodes'];
  readonly onChange: () => void;
}

/** The monthly passes on sale, and who has one. */
export function MonthlyPasses({ products, sold, onChange }: Props) {
  const { say, locale } = useConsole();
  const { timeZone } = useLot();
  const [, withdraw] = useDo(ConsoleWithdrawPassDocument);
  const onEnd = async (productId: string) => {
    const payload = (await withdraw({ input: { productId } }))?.withdrawMonthlyPass;
    onChange();
    return payload === undefined ? { code: 'AWAY', message: say('problem_offline') } : payload.userErrors[0];
  };
  const offers = products.map(({ id, name, price, usesPerMonth, mostPlates }) => ({
    ...{ id, name, isEnded: false },
    facts: [
      tell('perMonth', { price: formatAmount(price, locale) }),
      usesPerMonth == null ? tell('anyUses') : tell('usesPerMonth', { count: usesPerMonth }),
      tell('plates', { count: mostPlates }),
    ].join(' · '),
  }));
  const texts = { title: tell('passes'), explains: tell('passesSay'), empty: tell('noPasses'), add: tell('addPass') };
  return (
    <OfferList {...{ ...texts, offers, onEnd }}>
      <NewPass onChange={onChange} />
      {sold.length > 0 && (
        <>
          <h3>{tell('sold')}</h3>
          <ul>
            {sold.map(({ id, name, state, renews, period }) => (
              <li key={id}>
                {name} · {tell(`pass_${state}`)} ·{' '}
                {tell('until', { when: formatDayAndClock(period.endsAt, { locale, timeZone }) })}
                {renews && ` · ${tell('renews')}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </OfferList>
  );
}

const NOTHING = { name: '', price: '', uses: '' };

function NewPass({ onChange }: { onChange: () => void }) {
  const { id: lotId, currency } = useLot();
  const [wish, setWish] = useKept('offer.pass', () => NOTHING);
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, offer] = useDo(ConsoleOfferPassDocument);
  const submit = async () => {
    const priceMinor = amountFrom(wish.price, currency);
    if (priceMinor === undefined) return;
    const uses = wish.uses === '' ? {} : { usesPerMonth: Number(wish.uses) };
    const payload = (await offer({ input: { lotId, name: wish.name.trim(), priceMinor, ...uses } }))?.offerMonthlyPass;
    setRefused(payload?.userErrors[0]);
    if (!payload?.product) return;
    setWish(NOTHING);
    onChange();
  };
  return (
    <OfferForm add={tell('addPass')} {...{ refused, error }} isBusy={fetching} onSubmit={submit}>
      <Field
        {...{ label: tell('name'), value: wish.name, required: true, maxLength: 200 }}
        onInput={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
      />
      <AmountField
        {...{ label: tell('monthPrice', { currency }), value: wish.price, required: true }}
        onText={(price) => setWish({ ...wish, price })}
      />
      <Field
        {...{
          label: tell('visitsCovered'),
          value: wish.uses,
          type: 'number',
          min: 1,
          max: 1000,
          hint: tell('emptyAll'),
        }}
        onInput={({ currentTarget }) => setWish({ ...wish, uses: currentTarget.value })}
      />
    </OfferForm>
  );
}
