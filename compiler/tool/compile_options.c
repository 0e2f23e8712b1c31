#include "compile_options.h"

struct sigmatonc_options compile_options(const struct args *args, enum sigmatonc_stage last)
{
    return (struct sigmatonc_options){
        .size = sizeof(struct sigmatonc_options),
        .paths = args->rules.v,
        .n_paths = args->rules.n,
        .last = last,
        .off = args->off.v,
        .n_off = args->off.n,
        .min_level = args->min_level,
        .min_status = args->min_status,
        .ids = args->ids.v,
        .n_ids = args->ids.n,
        .not_ids = args->not_ids.v,
        .n_not_ids = args->not_ids.n,
        .tags = args->tags.v,
        .n_tags = args->tags.n,
        .not_tags = args->not_tags.v,
        .n_not_tags = args->not_tags.n,
        .placeholders = args->placeholders,
        .pipelines = args->pipelines.v,
        .n_pipelines = args->pipelines.n,
        .silenced = args->no_warn.v,
        .n_silenced = args->no_warn.n,
        .dump_pass = args->after,
        .time_field = args->time_field,
        .profile = args->profile,
        .jobs = (unsigned)args->jobs,
    };
}
