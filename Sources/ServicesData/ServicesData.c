#include "ServicesData.h"

// `#embed` is C23. Clang takes it in every mode of C and warns of it in the older ones.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t by_port[] = {
#embed "services-by-port.tsv"
};

static const uint8_t by_name[] = {
#embed "services-by-name.tsv"
};

ServicesTable portlint_services_by_port(void) { return (ServicesTable){by_port, sizeof by_port}; }

ServicesTable portlint_services_by_name(void) { return (ServicesTable){by_name, sizeof by_name}; }
