#include "hwmodel/x87_software.h"

namespace drydock::hwmodel {

ExtensionHandler x87_software_handler(u16) { return nullptr; }

}  // namespace drydock::hwmodel
