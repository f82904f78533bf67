/** How it learns, on what, and from which digits; weights as files. */
import { wordsOf } from "../ui/words.ts";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { backendNames } from "../backends.ts";
import { said } from "../preferences.ts";
import { addressOf, go } from "../route.ts";
import { reader, trained, type Trained } from "../trained.ts";
import { Choice, NumberField } from "../ui/fields.tsx";
import type { About } from "./messages.ts";
import { batchSizes, mostEpochs, mostSeed, optimizers, rates } from "./settings.ts";
import {
  backend,
  change,
  choose,
  counts,
  figure,
  give,
  load,
  problems,
  saved,
  settings,
  sources,
  variant,
} from "./store.ts";
import { trainText } from "./text.ts";

export function Problem({ about }: { readonly about: About }): VNode | null {
  const t = said(trainText);
  const error = problems.value[about];
  if (error === undefined) return null;
  return (
    <div class="refused" role="alert">
      <h3>{t.wrong[about]}</h3>
      <p class="words">{wordsOf(error)}</p>
      {about === "training" ? <p>{t.stopped}</p> : null}
    </div>
  );
}

export function Learning(): VNode {
  const t = said(trainText);
  const now = settings.value;
  return (
    <section class="mat controls" aria-label={t.learning}>
      <h2>{t.learning}</h2>
      <Problem about="backend" />
      <dl>
        <div class="row">
          <dt>{t.backend}</dt>
          <dd>
            <Choice
              name={t.backend}
              value={backend.value}
              options={backendNames.map((name) => [name, name] as const)}
              onChange={choose}
            />
            <p class="note variant" lang="en">
              {variant.value}
            </p>
          </dd>
        </div>
        <Select
          name={t.optimizer}
          value={now.optimizer}
          options={optimizers.map((one) => [one, t.optimizers[one]] as const)}
          onChange={(optimizer) => change({ optimizer })}
        />
        <Select
          name={t.rate}
          value={now.rate}
          options={rates.map((rate) => [rate, `${rate}`] as const)}
          onChange={(rate) => change({ rate })}
        />
        <Select
          name={t.batch}
          value={now.batch}
          options={batchSizes.map((batch) => [batch, `${batch}`] as const)}
          onChange={(batch) => change({ batch })}
        />
        <Whole name={t.epochs} value={now.epochs} least={1} most={mostEpochs} of="epochs" />
        <Whole name={t.seed} value={now.seed} least={0} most={mostSeed} of="seed" />
      </dl>
      <p class="note">{t.anew}</p>
    </section>
  );
}

function Select<T extends string | number>(props: {
  readonly name: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  onChange(value: T): void;
}): VNode {
  return (
    <div class="row">
      <dt>{props.name}</dt>
      <dd>
        <select
          aria-label={props.name}
          value={props.value}
          onChange={(event) => {
            const found = props.options.find(([value]) => `${value}` === event.currentTarget.value);
            if (found !== undefined) props.onChange(found[0]);
          }}
        >
          {props.options.map(([value, label]) => (
            <option value={value}>{label}</option>
          ))}
        </select>
      </dd>
    </div>
  );
}

function Whole(props: {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly of: "epochs" | "seed";
}): VNode {
  return (
    <div class="row">
      <dt>{props.name}</dt>
      <dd>
        <NumberField {...props} short="" onChange={(value) => change({ [props.of]: value })} />
      </dd>
    </div>
  );
}

export function Data(): VNode {
  const t = said(trainText);
  const chooser = useRef<HTMLInputElement>(null);
  const { training, testing } = counts.value;
  return (
    <section class="mat controls" aria-label={t.digits}>
      <h2>{t.digits}</h2>
      {sources.value.length === 1 ? null : (
        <Choice
          name={t.digits}
          value={settings.value.source}
          options={sources.value.map((source) => [source, t.sources[source]] as const)}
          onChange={(source) => change({ source })}
        />
      )}
      <p>
        {sources.value.length === 1 ? t.sources[settings.value.source] : null}
        {training === 0 ? null : (
          <>
            {sources.value.length === 1 ? <br /> : null}
            {t.counts(figure(training), figure(testing))}
          </>
        )}
      </p>
      <Problem about="data" />
      <p class="note">
        {t.drop}{" "}
        <button type="button" class="inline" onClick={() => chooser.current!.click()}>
          {t.choose}
        </button>
      </p>
      <input
        ref={chooser}
        class="mnist"
        type="file"
        hidden
        multiple
        onChange={(event) => {
          give([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </section>
  );
}

export function Weights(): VNode {
  const t = said(trainText);
  const chooser = useRef<HTMLInputElement>(null);
  const busy = useSignal(false);
  const weights = async (): Promise<Trained> => {
    busy.value = true;
    const taken = await saved();
    busy.value = false;
    return taken;
  };
  const use = async (): Promise<void> => {
    trained.value = await weights();
    reader.value = "own";
    go(addressOf("read"));
  };
  const save = async (): Promise<void> => {
    const { weights: bytes } = await weights();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }));
    link.download = "trained.safetensors";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return (
    <section class="mat controls" aria-label={t.file}>
      <h2>{t.file}</h2>
      <div class="tools">
        <button type="button" disabled={busy.value || counts.value.training === 0} onClick={() => void save()}>
          {t.save}
        </button>
        <button type="button" onClick={() => chooser.current!.click()}>
          {t.load}
        </button>
        <button type="button" disabled={busy.value || counts.value.training === 0} onClick={() => void use()}>
          {t.use}
        </button>
      </div>
      <input
        ref={chooser}
        class="weights"
        type="file"
        accept=".safetensors"
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file !== undefined) void file.arrayBuffer().then((buffer) => load(new Uint8Array(buffer)));
        }}
      />
      <Problem about="weights" />
      <p class="note">{t.fileLead}</p>
    </section>
  );
}
