"""One public function per thing a person does; the only place that opens and commits a transaction."""
