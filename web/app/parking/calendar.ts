import type { AppReservationFragment } from '../../generated/graphql.ts';

/** A reservation for a calendar (RFC 5545), with an alarm half an hour before. */
export function calendarFile(reservation: AppReservationFragment, summary: string, now: Date): string {
  const { id, code, lot, period, plate, spot } = reservation;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Parkwell//Driver//EN',
    'BEGIN:VEVENT',
    `UID:${id}@parkwell`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(new Date(period.startsAt))}`,
    `DTEND:${stamp(new Date(period.endsAt))}`,
    `SUMMARY:${escaped(summary)}`,
    `LOCATION:${escaped(`${lot.name}, ${lot.address}`)}`,
    `DESCRIPTION:${escaped(`${code}\n${plate}\n${spot.label}`)}`,
    `GEO:${lot.location.latitude};${lot.location.longitude}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(summary)}`,
    'TRIGGER:-PT30M',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

function stamp(instant: Date): string {
  return instant.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');
}

/** Lines of at most 75 octets; a character is at most 4 of them. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  const pieces = [''];
  let octets = 0;
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (octets + length > 74) {
      pieces.push('');
      octets = 1;
    }
    pieces[pieces.length - 1] += character;
    octets += length;
  }
  return pieces.join('\r\n ');
}
