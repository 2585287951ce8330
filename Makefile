# Thin on purpose: each target is one call, the work is in setup/.
.PHONY: demo test shell lint bench screenshots stop clean

demo:   ; @python3 -m setup demo $(if $(CHECK),--check) $(if $(SIZE),--size=$(SIZE))
test:   ; @python3 -m setup test $(ARGS)
shell:  ; @python3 -m setup shell
lint:   ; @python3 -m setup lint $(ARGS)
bench:  ; @python3 -m setup bench $(ARGS)
screenshots: ; @python3 -m setup screenshots $(ARGS)
stop:   ; @python3 -m setup stop
clean:  ; @python3 -m setup clean
