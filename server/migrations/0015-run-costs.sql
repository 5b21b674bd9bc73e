-- What the model of a run cost, in US dollars, by the prices that were set when it answered; null where none was set.
alter table runs add column cost_usd double precision;
