#pragma once

// What execve(2) makes of ids and capabilities (capabilities(7), "Transformation of capabilities
// during execve()"; security/commoncap.c, cap_bprm_creds_from_file()).

#include "core/process/user_thread.h"

namespace drydock {

// `credentials` becomes those of the new program, `is_secure` what AT_SECURE tells it. Errno::Perm
// where a program cannot have all capabilities that its file demands.
Result<void> decide_credentials(UserThread& thread,
                                ProgramFile const& program,
                                Credentials& credentials,
                                bool& is_secure);

}  // namespace drydock
