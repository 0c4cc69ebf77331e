//! Whole rows of four models of Odoo 19, as the pin of this repository has them: all that is stored but what is not typed, such
//! as JSON. One list from which each design makes its types.

/// Selections: `Name { position "value" => Variant, }`.
macro_rules! with_choices {
    ($then:ident) => {
        $then! {
            AutopostBills { 0 "always" => Always, 1 "ask" => Ask, 2 "never" => Never, }
            GroupOn { 0 "default" => Default, 1 "1" => V1, 2 "2" => V2, 3 "3" => V3, 4 "4" => V4, 5 "5" => V5, 6 "6" => V6,
                7 "7" => V7, }
            GroupRfq { 0 "default" => Default, 1 "day" => Day, 2 "week" => Week, 3 "all" => All, }
            InvoiceSendingMethod { 0 "manual" => Manual, 1 "email" => Email, 2 "snailmail" => Snailmail, }
            Lang { 0 "en_US" => EnUs, }
            Trust { 0 "good" => Good, 1 "normal" => Normal, 2 "bad" => Bad, }
            DisplayType { 0 "line_section" => LineSection, 1 "line_subsection" => LineSubsection, 2 "line_note" => LineNote, }
            InvoiceStatus { 0 "upselling" => Upselling, 1 "invoiced" => Invoiced, 2 "to invoice" => ToInvoice, 3 "no" => No, }
            QtyDeliveredMethod { 0 "manual" => Manual, 1 "analytic" => Analytic, 2 "stock_move" => StockMove,
                3 "milestones" => Milestones, }
            State { 0 "draft" => Draft, 1 "sent" => Sent, 2 "sale" => Sale, 3 "cancel" => Cancel, }
            JournalItemDisplayType { 0 "product" => Product, 1 "cogs" => Cogs, 2 "tax" => Tax, 3 "discount" => Discount,
                4 "rounding" => Rounding, 5 "payment_term" => PaymentTerm, 6 "line_section" => LineSection,
                7 "line_subsection" => LineSubsection, 8 "line_note" => LineNote, 9 "epd" => Epd,
                10 "non_deductible_product_total" => NonDeductibleProductTotal,
                11 "non_deductible_product" => NonDeductibleProduct, 12 "non_deductible_tax" => NonDeductibleTax, }
            ParentState { 0 "draft" => Draft, 1 "posted" => Posted, 2 "cancel" => Cancel, }
            ExpensePolicy { 0 "no" => No, 1 "cost" => Cost, 2 "sales_price" => SalesPrice, }
            InvoicePolicy { 0 "order" => Order, 1 "delivery" => Delivery, }
            PurchaseMethod { 0 "purchase" => Purchase, 1 "receive" => Receive, }
            ServiceTracking { 0 "no" => No, 1 "event" => Event, 2 "repair" => Repair,
                3 "task_global_project" => TaskGlobalProject, 4 "task_in_project" => TaskInProject,
                5 "project_only" => ProjectOnly, }
            ServiceType { 0 "manual" => Manual, 1 "milestones" => Milestones, }
            Tracking { 0 "serial" => Serial, 1 "lot" => Lot, 2 "none" => None, }
        }
    };
}

/// Records: `Name "model" { field CONSTANT Kind, }`, behind the `id` that all have. The order is that in which they are asked for.
macro_rules! with_records {
    ($then:ident) => {
        $then! {
            Partner "res.partner" {
                active ACTIVE Boolean, activity_ids ACTIVITY_IDS Many, applicant_ids APPLICANT_IDS Many,
                autopost_bills AUTOPOST_BILLS AutopostBills, bank_ids BANK_IDS Many, barcode BARCODE Text,
                buyer_id BUYER_ID One, calendar_last_notif_ack CALENDAR_LAST_NOTIF_ACK Moment, category_id CATEGORY_ID Many,
                channel_ids CHANNEL_IDS Many, channel_member_ids CHANNEL_MEMBER_IDS Many,
                chatbot_script_ids CHATBOT_SCRIPT_IDS Many, child_ids CHILD_IDS Many, city CITY Text, color COLOR Integer,
                comment COMMENT Text, commercial_company_name COMMERCIAL_COMPANY_NAME Text,
                commercial_partner_id COMMERCIAL_PARTNER_ID One, company_id COMPANY_ID One, company_name COMPANY_NAME Text,
                company_registry COMPANY_REGISTRY Text, complete_name COMPLETE_NAME Text, contract_ids CONTRACT_IDS Many,
                country_id COUNTRY_ID One, create_date CREATE_DATE Moment, create_uid CREATE_UID One,
                credit_limit CREDIT_LIMIT Float, customer_rank CUSTOMER_RANK Integer, display_name DISPLAY_NAME Text,
                email EMAIL Text, email_normalized EMAIL_NORMALIZED Text, employee EMPLOYEE Boolean,
                employee_ids EMPLOYEE_IDS Many, function FUNCTION Text, global_location_number GLOBAL_LOCATION_NUMBER Text,
                group_on GROUP_ON GroupOn, group_rfq GROUP_RFQ GroupRfq,
                ignore_abnormal_invoice_amount IGNORE_ABNORMAL_INVOICE_AMOUNT Boolean,
                ignore_abnormal_invoice_date IGNORE_ABNORMAL_INVOICE_DATE Boolean, industry_id INDUSTRY_ID One,
                invoice_edi_format_store INVOICE_EDI_FORMAT_STORE Text, invoice_ids INVOICE_IDS Many,
                invoice_sending_method INVOICE_SENDING_METHOD InvoiceSendingMethod,
                invoice_template_pdf_report_id INVOICE_TEMPLATE_PDF_REPORT_ID One, is_company IS_COMPANY Boolean,
                is_pickup_location IS_PICKUP_LOCATION Boolean, is_published IS_PUBLISHED Boolean, lang LANG Lang,
                meeting_ids MEETING_IDS Many, message_bounce MESSAGE_BOUNCE Integer,
                message_follower_ids MESSAGE_FOLLOWER_IDS Many, message_ids MESSAGE_IDS Many, name NAME Text,
                opportunity_ids OPPORTUNITY_IDS Many, parent_id PARENT_ID One, partner_latitude PARTNER_LATITUDE Float,
                partner_longitude PARTNER_LONGITUDE Float, partner_share PARTNER_SHARE Boolean,
                payment_token_ids PAYMENT_TOKEN_IDS Many, peppol_eas PEPPOL_EAS Text, peppol_endpoint PEPPOL_ENDPOINT Text,
                phone PHONE Text, phone_sanitized PHONE_SANITIZED Text, picking_warn_msg PICKING_WARN_MSG Text,
                pos_order_ids POS_ORDER_IDS Many, project_ids PROJECT_IDS Many,
                property_account_payable_id PROPERTY_ACCOUNT_PAYABLE_ID One,
                property_account_position_id PROPERTY_ACCOUNT_POSITION_ID One,
                property_account_receivable_id PROPERTY_ACCOUNT_RECEIVABLE_ID One,
                property_delivery_carrier_id PROPERTY_DELIVERY_CARRIER_ID One,
                property_inbound_payment_method_line_id PROPERTY_INBOUND_PAYMENT_METHOD_LINE_ID One,
                property_outbound_payment_method_line_id PROPERTY_OUTBOUND_PAYMENT_METHOD_LINE_ID One,
                property_payment_term_id PROPERTY_PAYMENT_TERM_ID One,
                property_purchase_currency_id PROPERTY_PURCHASE_CURRENCY_ID One,
                property_stock_customer PROPERTY_STOCK_CUSTOMER One, property_stock_supplier PROPERTY_STOCK_SUPPLIER One,
                property_supplier_payment_term_id PROPERTY_SUPPLIER_PAYMENT_TERM_ID One,
                purchase_line_ids PURCHASE_LINE_IDS Many, purchase_warn_msg PURCHASE_WARN_MSG Text,
                rating_ids RATING_IDS Many, receipt_reminder_email RECEIPT_REMINDER_EMAIL Boolean,
                ref_company_ids REF_COMPANY_IDS Many, reminder_date_before_receipt REMINDER_DATE_BEFORE_RECEIPT Integer,
                rtc_session_ids RTC_SESSION_IDS Many, sale_order_ids SALE_ORDER_IDS Many, sale_warn_msg SALE_WARN_MSG Text,
                signup_type SIGNUP_TYPE Text, specific_property_product_pricelist SPECIFIC_PROPERTY_PRODUCT_PRICELIST One,
                state_id STATE_ID One, street STREET Text, street2 STREET2 Text, suggest_based_on SUGGEST_BASED_ON Text,
                suggest_days SUGGEST_DAYS Integer, suggest_percent SUGGEST_PERCENT Integer,
                supplier_rank SUPPLIER_RANK Integer, task_ids TASK_IDS Many, trust TRUST Trust, tz TZ Text,
                user_id USER_ID One, user_ids USER_IDS Many, vat VAT Text, visitor_ids VISITOR_IDS Many, website WEBSITE Text,
                website_id WEBSITE_ID One, website_message_ids WEBSITE_MESSAGE_IDS Many, wishlist_ids WISHLIST_IDS Many,
                write_date WRITE_DATE Moment, write_uid WRITE_UID One, zip ZIP Text,
            }
            OrderLine "sale.order.line" {
                analytic_line_ids ANALYTIC_LINE_IDS Many, collapse_composition COLLAPSE_COMPOSITION Boolean,
                collapse_prices COLLAPSE_PRICES Boolean, combo_item_id COMBO_ITEM_ID One, company_id COMPANY_ID One,
                create_date CREATE_DATE Moment, create_uid CREATE_UID One, currency_id CURRENCY_ID One,
                customer_lead CUSTOMER_LEAD Float, discount DISCOUNT Float, display_name DISPLAY_NAME Text,
                display_type DISPLAY_TYPE DisplayType, event_id EVENT_ID One, event_slot_id EVENT_SLOT_ID One,
                event_ticket_id EVENT_TICKET_ID One, expense_ids EXPENSE_IDS Many, invoice_lines INVOICE_LINES Many,
                invoice_status INVOICE_STATUS InvoiceStatus, is_delivery IS_DELIVERY Boolean,
                is_downpayment IS_DOWNPAYMENT Boolean, is_expense IS_EXPENSE Boolean, is_optional IS_OPTIONAL Boolean,
                is_service IS_SERVICE Boolean, linked_line_id LINKED_LINE_ID One, linked_line_ids LINKED_LINE_IDS Many,
                linked_virtual_id LINKED_VIRTUAL_ID Text, move_ids MOVE_IDS Many, name NAME Text, order_id ORDER_ID One,
                order_partner_id ORDER_PARTNER_ID One, pos_order_line_ids POS_ORDER_LINE_IDS Many,
                price_reduce_taxexcl PRICE_REDUCE_TAXEXCL Float, price_reduce_taxinc PRICE_REDUCE_TAXINC Float,
                price_subtotal PRICE_SUBTOTAL Float, price_tax PRICE_TAX Float, price_total PRICE_TOTAL Float,
                price_unit PRICE_UNIT Float, product_custom_attribute_value_ids PRODUCT_CUSTOM_ATTRIBUTE_VALUE_IDS Many,
                product_document_ids PRODUCT_DOCUMENT_IDS Many, product_id PRODUCT_ID One,
                product_no_variant_attribute_value_ids PRODUCT_NO_VARIANT_ATTRIBUTE_VALUE_IDS Many,
                product_uom_id PRODUCT_UOM_ID One, product_uom_qty PRODUCT_UOM_QTY Float, project_id PROJECT_ID One,
                purchase_line_ids PURCHASE_LINE_IDS Many, qty_delivered QTY_DELIVERED Float,
                qty_delivered_method QTY_DELIVERED_METHOD QtyDeliveredMethod, qty_invoiced QTY_INVOICED Float,
                qty_to_invoice QTY_TO_INVOICE Float, reached_milestones_ids REACHED_MILESTONES_IDS Many,
                registration_ids REGISTRATION_IDS Many, route_ids ROUTE_IDS Many, salesman_id SALESMAN_ID One,
                sequence SEQUENCE Integer, shop_warning SHOP_WARNING Text, state STATE State, task_id TASK_ID One,
                tax_ids TAX_IDS Many, technical_price_unit TECHNICAL_PRICE_UNIT Float,
                untaxed_amount_invoiced UNTAXED_AMOUNT_INVOICED Float,
                untaxed_amount_to_invoice UNTAXED_AMOUNT_TO_INVOICE Float, virtual_id VIRTUAL_ID Text,
                warehouse_id WAREHOUSE_ID One, write_date WRITE_DATE Moment, write_uid WRITE_UID One,
            }
            JournalItem "account.move.line" {
                account_id ACCOUNT_ID One, amount_currency AMOUNT_CURRENCY Float,
                amount_residual AMOUNT_RESIDUAL Float, amount_residual_currency AMOUNT_RESIDUAL_CURRENCY Float,
                analytic_line_ids ANALYTIC_LINE_IDS Many, balance BALANCE Float, cogs_origin_id COGS_ORIGIN_ID One,
                collapse_composition COLLAPSE_COMPOSITION Boolean, collapse_prices COLLAPSE_PRICES Boolean,
                company_currency_id COMPANY_CURRENCY_ID One, company_id COMPANY_ID One, create_date CREATE_DATE Moment,
                create_uid CREATE_UID One, credit CREDIT Float, currency_id CURRENCY_ID One, date DATE Day,
                date_maturity DATE_MATURITY Day, debit DEBIT Float, deductible_amount DEDUCTIBLE_AMOUNT Float,
                discount DISCOUNT Float, discount_amount_currency DISCOUNT_AMOUNT_CURRENCY Float,
                discount_balance DISCOUNT_BALANCE Float, discount_date DISCOUNT_DATE Day, display_name DISPLAY_NAME Text,
                display_type DISPLAY_TYPE JournalItemDisplayType, expense_id EXPENSE_ID One,
                full_reconcile_id FULL_RECONCILE_ID One, group_tax_id GROUP_TAX_ID One, invoice_date INVOICE_DATE Day,
                is_downpayment IS_DOWNPAYMENT Boolean, is_imported IS_IMPORTED Boolean, is_storno IS_STORNO Boolean,
                journal_id JOURNAL_ID One, matched_credit_ids MATCHED_CREDIT_IDS Many,
                matched_debit_ids MATCHED_DEBIT_IDS Many, matching_number MATCHING_NUMBER Text, move_id MOVE_ID One,
                move_name MOVE_NAME Text, name NAME Text, no_followup NO_FOLLOWUP Boolean,
                parent_state PARENT_STATE ParentState, partner_id PARTNER_ID One, payment_id PAYMENT_ID One,
                price_subtotal PRICE_SUBTOTAL Float, price_total PRICE_TOTAL Float, price_unit PRICE_UNIT Float,
                product_id PRODUCT_ID One, product_uom_id PRODUCT_UOM_ID One, purchase_line_id PURCHASE_LINE_ID One,
                quantity QUANTITY Float, reconcile_model_id RECONCILE_MODEL_ID One, reconciled RECONCILED Boolean,
                sale_line_ids SALE_LINE_IDS Many, sequence SEQUENCE Integer, statement_id STATEMENT_ID One,
                statement_line_id STATEMENT_LINE_ID One, tax_base_amount TAX_BASE_AMOUNT Float, tax_group_id TAX_GROUP_ID One,
                tax_ids TAX_IDS Many, tax_line_id TAX_LINE_ID One, tax_repartition_line_id TAX_REPARTITION_LINE_ID One,
                tax_tag_ids TAX_TAG_IDS Many, vehicle_id VEHICLE_ID One, vehicle_log_service_ids VEHICLE_LOG_SERVICE_IDS Many,
                write_date WRITE_DATE Moment, write_uid WRITE_UID One,
            }
            Product "product.product" {
                accessory_product_ids ACCESSORY_PRODUCT_IDS Many, account_tag_ids ACCOUNT_TAG_IDS Many,
                active ACTIVE Boolean, activity_ids ACTIVITY_IDS Many,
                additional_product_tag_ids ADDITIONAL_PRODUCT_TAG_IDS Many,
                allow_out_of_stock_order ALLOW_OUT_OF_STOCK_ORDER Boolean,
                alternative_product_ids ALTERNATIVE_PRODUCT_IDS Many, attribute_line_ids ATTRIBUTE_LINE_IDS Many,
                available_in_pos AVAILABLE_IN_POS Boolean, available_threshold AVAILABLE_THRESHOLD Float,
                barcode BARCODE Text, base_unit_count BASE_UNIT_COUNT Float, base_unit_id BASE_UNIT_ID One,
                bom_ids BOM_IDS Many, bom_line_ids BOM_LINE_IDS Many, can_be_expensed CAN_BE_EXPENSED Boolean,
                can_image_variant_1024_be_zoomed CAN_IMAGE_VARIANT_1024_BE_ZOOMED Boolean, categ_id CATEG_ID One,
                color COLOR Integer, combination_indices COMBINATION_INDICES Text, combo_ids COMBO_IDS Many,
                company_id COMPANY_ID One, compare_list_price COMPARE_LIST_PRICE Float,
                country_of_origin COUNTRY_OF_ORIGIN One, create_date CREATE_DATE Moment, create_uid CREATE_UID One,
                default_code DEFAULT_CODE Text, description DESCRIPTION Text,
                description_ecommerce DESCRIPTION_ECOMMERCE Text, description_picking DESCRIPTION_PICKING Text,
                description_pickingin DESCRIPTION_PICKINGIN Text, description_pickingout DESCRIPTION_PICKINGOUT Text,
                description_purchase DESCRIPTION_PURCHASE Text, description_sale DESCRIPTION_SALE Text,
                display_name DISPLAY_NAME Text, event_ticket_ids EVENT_TICKET_IDS Many,
                expense_policy EXPENSE_POLICY ExpensePolicy, has_configurable_attributes HAS_CONFIGURABLE_ATTRIBUTES Boolean,
                hs_code HS_CODE Text, invoice_policy INVOICE_POLICY InvoicePolicy, is_favorite IS_FAVORITE Boolean,
                is_in_selected_section_of_order IS_IN_SELECTED_SECTION_OF_ORDER Boolean, is_published IS_PUBLISHED Boolean,
                is_seo_optimized IS_SEO_OPTIMIZED Boolean, is_storable IS_STORABLE Boolean, list_price LIST_PRICE Float,
                lot_sequence_id LOT_SEQUENCE_ID One, lot_valuated LOT_VALUATED Boolean,
                message_follower_ids MESSAGE_FOLLOWER_IDS Many, message_ids MESSAGE_IDS Many, name NAME Text,
                optional_product_ids OPTIONAL_PRODUCT_IDS Many, orderpoint_ids ORDERPOINT_IDS Many,
                out_of_stock_message OUT_OF_STOCK_MESSAGE Text, pos_categ_ids POS_CATEG_IDS Many,
                pos_optional_product_ids POS_OPTIONAL_PRODUCT_IDS Many, pos_sequence POS_SEQUENCE Integer,
                product_document_ids PRODUCT_DOCUMENT_IDS Many, product_tag_ids PRODUCT_TAG_IDS Many,
                product_template_attribute_value_ids PRODUCT_TEMPLATE_ATTRIBUTE_VALUE_IDS Many,
                product_template_image_ids PRODUCT_TEMPLATE_IMAGE_IDS Many,
                product_template_variant_value_ids PRODUCT_TEMPLATE_VARIANT_VALUE_IDS Many,
                product_tmpl_id PRODUCT_TMPL_ID One, product_uom_ids PRODUCT_UOM_IDS Many,
                product_variant_ids PRODUCT_VARIANT_IDS Many, product_variant_image_ids PRODUCT_VARIANT_IMAGE_IDS Many,
                project_id PROJECT_ID One, project_template_id PROJECT_TEMPLATE_ID One,
                property_account_expense_id PROPERTY_ACCOUNT_EXPENSE_ID One,
                property_account_income_id PROPERTY_ACCOUNT_INCOME_ID One,
                property_price_difference_account_id PROPERTY_PRICE_DIFFERENCE_ACCOUNT_ID One,
                property_stock_inventory PROPERTY_STOCK_INVENTORY One,
                property_stock_production PROPERTY_STOCK_PRODUCTION One, public_categ_ids PUBLIC_CATEG_IDS Many,
                public_description PUBLIC_DESCRIPTION Text, publish_date PUBLISH_DATE Moment,
                purchase_line_warn_msg PURCHASE_LINE_WARN_MSG Text, purchase_method PURCHASE_METHOD PurchaseMethod,
                purchase_ok PURCHASE_OK Boolean, purchase_order_line_ids PURCHASE_ORDER_LINE_IDS Many,
                putaway_rule_ids PUTAWAY_RULE_IDS Many, rating_ids RATING_IDS Many, rating_last_value RATING_LAST_VALUE Float,
                responsible_id RESPONSIBLE_ID One, route_ids ROUTE_IDS Many, sale_delay SALE_DELAY Integer,
                sale_line_warn_msg SALE_LINE_WARN_MSG Text, sale_ok SALE_OK Boolean, seller_ids SELLER_IDS Many,
                seo_name SEO_NAME Text, sequence SEQUENCE Integer, service_to_purchase SERVICE_TO_PURCHASE Boolean,
                service_tracking SERVICE_TRACKING ServiceTracking, service_type SERVICE_TYPE ServiceType,
                show_availability SHOW_AVAILABILITY Boolean, standard_price STANDARD_PRICE Float,
                stock_move_ids STOCK_MOVE_IDS Many, stock_notification_partner_ids STOCK_NOTIFICATION_PARTNER_IDS Many,
                stock_quant_ids STOCK_QUANT_IDS Many, storage_category_capacity_ids STORAGE_CATEGORY_CAPACITY_IDS Many,
                supplier_taxes_id SUPPLIER_TAXES_ID Many, task_template_id TASK_TEMPLATE_ID One, taxes_id TAXES_ID Many,
                to_weight TO_WEIGHT Boolean, tracking TRACKING Tracking, uom_id UOM_ID One, uom_ids UOM_IDS Many,
                variant_bom_ids VARIANT_BOM_IDS Many, variant_ribbon_id VARIANT_RIBBON_ID One,
                variant_seller_ids VARIANT_SELLER_IDS Many, variants_default_code VARIANTS_DEFAULT_CODE Text,
                volume VOLUME Float, website_description WEBSITE_DESCRIPTION Text, website_id WEBSITE_ID One,
                website_message_ids WEBSITE_MESSAGE_IDS Many, website_meta_description WEBSITE_META_DESCRIPTION Text,
                website_meta_keywords WEBSITE_META_KEYWORDS Text, website_meta_og_img WEBSITE_META_OG_IMG Text,
                website_meta_title WEBSITE_META_TITLE Text, website_ribbon_id WEBSITE_RIBBON_ID One,
                website_sequence WEBSITE_SEQUENCE Integer, website_size_x WEBSITE_SIZE_X Integer,
                website_size_y WEBSITE_SIZE_Y Integer, weight WEIGHT Float, write_date WRITE_DATE Moment,
                write_uid WRITE_UID One,
            }
        }
    };
}
