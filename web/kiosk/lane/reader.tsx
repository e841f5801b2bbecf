import { useEffect, useRef, useState } from 'preact/hooks';
import { useKiosk } from '../kiosk-context.ts';
import type { Means } from './ways.tsx';

/** What some browsers have and the language's own types do not know yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

type State = 'STARTING' | 'ON' | 'REFUSED' | 'NONE';
const LOOK_MS = 200;

/** Reads a QR by the camera, or by a reader that types; says so where there is no camera. */
export function Reader({ onRead, onMeans }: { onRead: (text: string) => void; onMeans: (means: Means) => void }) {
  const { say } = useKiosk();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const state = useCamera(video, onRead, attempt);
  const [typed, setTyped] = useState('');
  return (
    <div class="reader">
      <div class="camera">
        <video ref={video} muted playsInline aria-label={say('cameraPicture')} hidden={state !== 'ON'} />
        {state === 'ON' && <p class="aim">{say('holdPass')}</p>}
        {state === 'STARTING' && <p role="status">{say('cameraStarting')}</p>}
        {(state === 'REFUSED' || state === 'NONE') && (
          <div class="no-camera" role="status">
            <svg viewBox="0 0 100 100" aria-hidden="true">
              <path d="M12 30h18l8-10h24l8 10h18v48H12zM50 40a14 14 0 1 0 .1 0zM8 8l84 84" />
            </svg>
            <strong>{say('noCamera')}</strong>
            <p>{say(state === 'REFUSED' ? 'cameraRefused' : 'cameraNone')}</p>
            {state === 'REFUSED' && (
              <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
                {say('tryAgain')}
              </button>
            )}
            <div class="instead">
              <button type="button" class="button" onClick={() => onMeans('code')}>
                {say('enterCode')}
              </button>
              <button type="button" class="button" onClick={() => onMeans('plate')}>
                {say('enterPlate')}
              </button>
            </div>
          </div>
        )}
      </div>
      <form
        class="by-text"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onRead(typed);
        }}
      >
        <label class="field">
          {say('passText')}
          <input
            value={typed}
            autocomplete="off"
            inputMode="none"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button main" disabled={typed.trim() === ''}>
          {say('done')}
        </button>
      </form>
    </div>
  );
}

function useCamera(
  video: { readonly current: HTMLVideoElement | null },
  onRead: (text: string) => void,
  attempt: number,
): State {
  const [state, setState] = useState<State>('STARTING');
  const told = useRef(onRead);
  told.current = onRead;
  useEffect(() => {
    const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (BarcodeDetector === undefined || devices === undefined) return setState('NONE');
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    let isOver = false;
    const start = async () => {
      stream = await devices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      setState('ON');
      const detector = new BarcodeDetector({ formats: ['qr_code'] });
      timer = setInterval(() => void look(detector), LOOK_MS);
    };
    const look = async (detector: Detector) => {
      const [found] = video.current ? await detector.detect(video.current).catch(() => []) : [];
      if (found === undefined || isOver) return;
      stop();
      told.current(found.rawValue);
    };
    const stop = () => {
      isOver = true;
      clearInterval(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    setState('STARTING');
    start().catch((error: unknown) => {
      const isMissing = error instanceof DOMException && error.name === 'NotFoundError';
      if (!isOver) setState(isMissing ? 'NONE' : 'REFUSED');
    });
    return stop;
  }, [attempt, video]);
  return state;
}
