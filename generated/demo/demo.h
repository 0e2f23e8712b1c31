/* Written by sigmaton 0.1.0: slots and rules of one pack. Belongs to the pack of
 * the same build and to no other. */
#ifndef SIGMATON_BUILT_PACK_H
#define SIGMATON_BUILT_PACK_H

#include <sigmaton/pack.h>

/* slots[SLOT__COUNT] of an event, by field. */
enum sigmaton_pack_slot {
    SLOT_Channel = 0, /* Channel */
    SLOT_winlog_channel = 1, /* winlog.channel */
    SLOT_Event_System_Channel = 2, /* Event.System.Channel */
    SLOT_log_name = 3, /* log_name */
    SLOT_EventID = 4, /* EventID */
    SLOT_winlog_event_id = 5, /* winlog.event_id */
    SLOT_event_code = 6, /* event.code */
    SLOT_Event_System_EventID = 7, /* Event.System.EventID */
    SLOT_event_id = 8, /* event_id */
    SLOT_Provider_Name = 9, /* Provider_Name */
    SLOT_SourceName = 10, /* SourceName */
    SLOT_winlog_provider_name = 11, /* winlog.provider_name */
    SLOT_source_name = 12, /* source_name */
    SLOT_event_dataset = 13, /* event.dataset */
    SLOT_event_provider = 14, /* event.provider */
    SLOT_Event_System_Provider_attributes_Name = 15, /* Event.System.Provider.#attributes.Name */
    SLOT_timestamp = 16, /* @timestamp */
    SLOT_TimeCreated = 17, /* TimeCreated */
    SLOT_Event_System_TimeCreated_attributes_SystemTime = 18, /* Event.System.TimeCreated.#attributes.SystemTime */
    SLOT_UtcTime = 19, /* UtcTime */
    SLOT_EventTime = 20, /* EventTime */
    SLOT_timestamp_2 = 21, /* timestamp */
    SLOT_time = 22, /* time */
    SLOT_logsource_product = 23, /* logsource.product */
    SLOT_product = 24, /* product */
    SLOT_logsource_category = 25, /* logsource.category */
    SLOT_category = 26, /* category */
    SLOT_logsource_service = 27, /* logsource.service */
    SLOT_service = 28, /* service */
    SLOT_Image = 29, /* Image */
    SLOT_OriginalFileName = 30, /* OriginalFileName */
    SLOT_CommandLine = 31, /* CommandLine */
    SLOT_ParentImage = 32, /* ParentImage */
    SLOT_OperationType = 33, /* OperationType */
    SLOT_NewProcessName = 34, /* NewProcessName */
    SLOT_ParentProcessName = 35, /* ParentProcessName */
    SLOT_Event_System = 36, /* Event.System */
    SLOT_Event_EventData = 37, /* Event.EventData */
    SLOT_Event_UserData = 38, /* Event.UserData */
    SLOT__COUNT = 39
};

/* Bits of verdict.hits, by title. */
enum sigmaton_pack_rule {
    RULE_Windows_SQL_Spawning_CertUtil = 0, /* 0b2c6f0e-6a3d-4d0c-9a51-7d3f5b9f3a10 */
    RULE__COUNT = 1
};

#ifdef __cplusplus
extern "C" {
#endif
/* The pack itself, where it is linked in (build --emit obj or archive). */
extern const struct sigmaton_pack sigmaton_pack;
#ifdef __cplusplus
}
#endif
#endif
